// The tiles of tiles.h in terms of Lanes: the SIMD register of one instruction set.  Included after Lanes, inside of an
// unnamed namespace and of the target options of that instruction set.

template <int kR, int kV, bool kMasked>
void sum_tile(const Product& p, int64_t row, int64_t column, Lanes::Mask last) {
  const float* a = p.a + row * p.row_a;
  const float* b = p.b + column;
  Lanes::Vector sum[kR][kV];
  for (int r = 0; r < kR; ++r) {
    for (int v = 0; v < kV; ++v) sum[r][v] = Lanes::zero();
  }
  for (int64_t k = 0; k < p.k; ++k, a += p.step_a, b += p.row_b) {
    Lanes::Vector line[kV];
    for (int v = 0; v < kV; ++v) {
      const bool cut = kMasked && v == kV - 1;
      line[v] = cut ? Lanes::load(b + v * Lanes::kWidth, last) : Lanes::load(b + v * Lanes::kWidth);
    }
    for (int r = 0; r < kR; ++r) {
      const Lanes::Vector x = Lanes::all(a[r * p.row_a]);
      for (int v = 0; v < kV; ++v) sum[r][v] = Lanes::fma(x, line[v], sum[r][v]);
    }
  }
  float* c = p.c + row * p.n + column;
  for (int r = 0; r < kR; ++r) {
    for (int v = 0; v < kV; ++v) {
      float* to = c + r * p.n + v * Lanes::kWidth;
      if (kMasked && v == kV - 1) {
        Lanes::store(to, sum[r][v], last);
      } else {
        Lanes::store(to, sum[r][v]);
      }
    }
  }
}

template <int kV, bool kMasked>
void sum_rows(const Product& p, int64_t rows, int64_t row, int64_t column, Lanes::Mask last) {
  switch (rows) {
    case 1: return sum_tile<1, kV, kMasked>(p, row, column, last);
    case 2: return sum_tile<2, kV, kMasked>(p, row, column, last);
    case 3: return sum_tile<3, kV, kMasked>(p, row, column, last);
    case 4: return sum_tile<4, kV, kMasked>(p, row, column, last);
    case 5: return sum_tile<5, kV, kMasked>(p, row, column, last);
    default: break;
  }
  if constexpr (Lanes::kRows > 6) {
    if (rows == 7) return sum_tile<7, kV, kMasked>(p, row, column, last);
    if (rows == 8) return sum_tile<8, kV, kMasked>(p, row, column, last);
  }
  sum_tile<6, kV, kMasked>(p, row, column, last);
}

template <int kV>
void sum_columns(const Product& p, int64_t rows, int64_t row, int64_t column, int64_t width) {
  if (width == kV * Lanes::kWidth) return sum_rows<kV, false>(p, rows, row, column, Lanes::mask(Lanes::kWidth));
  sum_rows<kV, true>(p, rows, row, column, Lanes::mask(width - (kV - 1) * Lanes::kWidth));
}

void sums(const Product& p, int64_t row_begin, int64_t row_end, int64_t column, int64_t column_end) {
  for (; column < column_end; column += Lanes::kVectors * Lanes::kWidth) {
    const int64_t width = std::min<int64_t>(Lanes::kVectors * Lanes::kWidth, column_end - column);
    for (int64_t row = row_begin; row < row_end; row += Lanes::kRows) {
      const int64_t rows = std::min<int64_t>(Lanes::kRows, row_end - row);
      switch ((width + Lanes::kWidth - 1) / Lanes::kWidth) {
        case 1: sum_columns<1>(p, rows, row, column, width); break;
        case 2: sum_columns<2>(p, rows, row, column, width); break;
        default: sum_columns<Lanes::kVectors>(p, rows, row, column, width);
      }
    }
  }
}

// The first kC of four numbers.  (No masked store: it takes as long as half of a tile.)
template <int kC>
void store_four(float* to, __m128 v) {
  if (kC == 4) return _mm_storeu_ps(to, v);
  float four[4];
  _mm_storeu_ps(four, v);
  for (int c = 0; c < kC; ++c) to[c] = four[c];
}

template <int kR, int kC>
void dot_tile(const Product& p, int64_t row, int64_t column, __m128 bias) {
  const float* a = p.a + row * p.row_a;
  const float* b = p.b + column * p.row_b;
  Lanes::Vector sum[kR][kC];
  for (int r = 0; r < kR; ++r) {
    for (int c = 0; c < kC; ++c) sum[r][c] = Lanes::zero();
  }
  int64_t k = 0;
  for (; k + Lanes::kWidth <= p.k; k += Lanes::kWidth) {
    Lanes::Vector y[kC];
    for (int c = 0; c < kC; ++c) y[c] = Lanes::load(b + c * p.row_b + k);
    for (int r = 0; r < kR; ++r) {
      const Lanes::Vector x = Lanes::load(a + r * p.row_a + k);
      for (int c = 0; c < kC; ++c) sum[r][c] = Lanes::fma(x, y[c], sum[r][c]);
    }
  }
  if (k < p.k) {
    const Lanes::Mask rest = Lanes::mask(p.k - k);
    Lanes::Vector y[kC];
    for (int c = 0; c < kC; ++c) y[c] = Lanes::load(b + c * p.row_b + k, rest);
    for (int r = 0; r < kR; ++r) {
      const Lanes::Vector x = Lanes::load(a + r * p.row_a + k, rest);
      for (int c = 0; c < kC; ++c) sum[r][c] = Lanes::fma(x, y[c], sum[r][c]);
    }
  }
  for (int r = 0; r < kR; ++r) {
    const auto column_of = [&](int c) { return c < kC ? sum[r][c < kC ? c : 0] : Lanes::zero(); };
    const __m128 total = Lanes::totals(column_of(0), column_of(1), column_of(2), column_of(3));
    store_four<kC>(p.c + (row + r) * p.n + column, _mm_add_ps(total, bias));
  }
}

template <int kC>
void dot_rows(const Product& p, int64_t rows, int64_t row, int64_t column, __m128 bias) {
  switch (rows) {
    case 1: return dot_tile<1, kC>(p, row, column, bias);
    case 2: return dot_tile<2, kC>(p, row, column, bias);
    case 3: return dot_tile<3, kC>(p, row, column, bias);
    default: return dot_tile<Lanes::kDotRows, kC>(p, row, column, bias);
  }
}

void dots(const Product& p, int64_t row_begin, int64_t row_end, int64_t column, int64_t column_end) {
  for (; column < column_end; column += kDots) {
    const int64_t columns = std::min<int64_t>(kDots, column_end - column);
    float first[kDots] = {};
    if (p.bias) std::copy(p.bias + column, p.bias + column + columns, first);
    const __m128 bias = _mm_loadu_ps(first);
    for (int64_t row = row_begin; row < row_end; row += Lanes::kDotRows) {
      const int64_t rows = std::min<int64_t>(Lanes::kDotRows, row_end - row);
      switch (columns) {
        case 1: dot_rows<1>(p, rows, row, column, bias); break;
        case 2: dot_rows<2>(p, rows, row, column, bias); break;
        case 3: dot_rows<3>(p, rows, row, column, bias); break;
        default: dot_rows<kDots>(p, rows, row, column, bias);
      }
    }
  }
}
