// The loops of panels_cpu.cc, once for each width of a vector.  Included more than once, so there is no guard; before,
// are defined: PT_BYTES of a vector, PT_ROWS of the largest tile, PT_TARGET, the attribute of every function.

// A vector anywhere in an array of floats, and one in a register.
typedef float Stored __attribute__((vector_size(PT_BYTES), aligned(4), may_alias));
typedef float Vector __attribute__((vector_size(PT_BYTES)));
constexpr int64_t kLane = PT_BYTES / sizeof(float);
constexpr int64_t kWidth = 2 * kLane;  // columns of a panel

PT_TARGET int64_t packed_size(int64_t k, int64_t n) { return (n + kWidth - 1) / kWidth * kWidth * k; }

PT_TARGET void pack(const float* b, int64_t row, int64_t column, int64_t k, int64_t n, float* packed) {
  for (int64_t first = 0; first < n; first += kWidth) {
    const int64_t width = n - first < kWidth ? n - first : kWidth;
    for (int64_t i = 0; i < k; ++i, packed += kWidth) {
      const float* from = b + i * row + first * column;
      for (int64_t j = 0; j < width; ++j) packed[j] = from[j * column];
      for (int64_t j = width; j < kWidth; ++j) packed[j] = 0.0f;
    }
  }
}

// C (R, columns) with columns <= V vectors; `b` is a panel.
template <int R, int V>
PT_TARGET void tile(const float* a, int64_t a_row, const float* b, int64_t k, int64_t columns, float* c,
                    int64_t c_row) {
  Vector sum[R][V] = {};
  for (int64_t i = 0; i < k; ++i, b += kWidth) {
    Vector line[V];
    for (int v = 0; v < V; ++v) line[v] = *reinterpret_cast<const Stored*>(b + v * kLane);
    for (int r = 0; r < R; ++r) {
      const float x = a[r * a_row + i];
      for (int v = 0; v < V; ++v) sum[r][v] += x * line[v];
    }
  }
  for (int r = 0; r < R; ++r) {
    for (int v = 0; v < V; ++v) {
      float* to = c + r * c_row + v * kLane;
      if (columns >= (v + 1) * kLane) {
        *reinterpret_cast<Stored*>(to) = sum[r][v];
      } else {
        for (int64_t j = 0; j < columns - v * kLane; ++j) to[j] = sum[r][v][j];
      }
    }
  }
}

template <int V>
PT_TARGET void rows_of(int64_t rows, const float* a, int64_t a_row, const float* b, int64_t k, int64_t columns,
                       float* c, int64_t c_row) {
  switch (rows) {
    case 1: return tile<1, V>(a, a_row, b, k, columns, c, c_row);
    case 2: return tile<2, V>(a, a_row, b, k, columns, c, c_row);
    case 3: return tile<3, V>(a, a_row, b, k, columns, c, c_row);
    case 4: return tile<4, V>(a, a_row, b, k, columns, c, c_row);
#if PT_ROWS > 4
    case 5: return tile<5, V>(a, a_row, b, k, columns, c, c_row);
    case 6: return tile<6, V>(a, a_row, b, k, columns, c, c_row);
    case 7: return tile<7, V>(a, a_row, b, k, columns, c, c_row);
    default: return tile<8, V>(a, a_row, b, k, columns, c, c_row);
#endif
  }
}

PT_TARGET void multiply(const float* a, int64_t a_row, const float* packed, int64_t m, int64_t k, int64_t n, float* c,
                        int64_t c_row) {
  for (int64_t first = 0; first < n; first += kWidth, packed += k * kWidth) {
    const int64_t columns = n - first < kWidth ? n - first : kWidth;
    for (int64_t r = 0; r < m; r += PT_ROWS) {
      const int64_t rows = m - r < PT_ROWS ? m - r : PT_ROWS;
      const float* from = a + r * a_row;
      float* to = c + r * c_row + first;
      if (columns > kLane) {
        rows_of<2>(rows, from, a_row, packed, k, columns, to, c_row);
      } else {
        rows_of<1>(rows, from, a_row, packed, k, columns, to, c_row);
      }
    }
  }
}
