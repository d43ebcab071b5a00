// Factorisations, inverses and determinants of batches of matrices (matrix.h), triangular systems, and triangles.
// On the GPU, too, one thread works on a matrix: right for many small ones.
#pragma once
#include "kernels/launch/rows.h"
#include "kernels/linalg/matrix.h"
#include "kernels/linalg/product.h"

namespace paratrain {

// (..., rows, columns) as a batch.
struct Matrices {
  explicit Matrices(const TensorDesc& d) {
    const size_t n = d.shape.size();
    if (n < 2) throw std::invalid_argument("matrices have at least 2 axes");
    rows = d.shape[n - 2];
    columns = d.shape[n - 1];
    for (size_t i = 0; i + 2 < n; ++i) batch *= d.shape[i];
  }
  int64_t size() const { return rows * columns; }
  int64_t batch = 1, rows = 0, columns = 0;
};

// Where an algorithm reports that it cannot go on: one flag for each matrix.  Only the host can raise an error; on the
// GPU the results are NaN.
template <class Device>
void raise_failures(const int64_t*, int64_t, const char*) {}
template <>
void raise_failures<Cpu>(const int64_t* failed, int64_t n, const char* what);

template <class Device, class T>
struct PotrfKernel : Kernel {
  explicit PotrfKernel(const KernelSpec& s) : m(s.in[0]) {}
  size_t workspace_bytes() const override { return static_cast<size_t>(m.batch) * sizeof(int64_t); }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* a = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    int64_t* failed = reinterpret_cast<int64_t*>(ctx.workspace);
    const int64_t n = m.rows;
    Launch<Device>::map(ctx, m.batch * n * n, [=] PT_LAMBDA(int64_t i) { y[i] = a[i]; });
    Rows<Device>::each(ctx, m.batch, n * n * n / 3 + 1, [=] PT_LAMBDA(int64_t b) {
      T* own = y + b * n * n;
      failed[b] = !matrix::cholesky(own, n);
      for (int64_t i = 0; i < n * n && failed[b]; ++i) own[i] = static_cast<T>(NAN);
    });
    raise_failures<Device>(failed, m.batch, "is not positive definite");
  }
  Matrices m;
};

template <class Device, class T>
struct PotriKernel : Kernel {
  explicit PotriKernel(const KernelSpec& s) : m(s.in[0]) {}
  size_t workspace_bytes() const override { return static_cast<size_t>(m.batch * m.size()) * sizeof(T); }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* l = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    T* w = reinterpret_cast<T*>(ctx.workspace);
    const int64_t n = m.rows, size = m.size();
    Rows<Device>::each(ctx, m.batch, n * n * n + 1, [=] PT_LAMBDA(int64_t b) {
      matrix::inverse_from_cholesky(l + b * size, n, w + b * size, y + b * size);
    });
  }
  Matrices m;
};

// (A, B) -> X with op(A) X = alpha B, or X op(A) = alpha B (attribute rightside).  Attributes transpose, lower, alpha.
template <class Device, class T>
struct TrsmKernel : Kernel {
  explicit TrsmKernel(const KernelSpec& s)
      : a(s.in[0]),
        b(s.in[1]),
        transposed(s.attrs.flag("transpose")),
        right(s.attrs.flag("rightside")),
        forwards((s.attrs.flag("lower") != transposed) != right),
        alpha(s.attrs.real("alpha")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* m = static_cast<const T*>(in[0]);
    const T* given = static_cast<const T*>(in[1]);
    T* x = static_cast<T*>(out[0]);
    const T factor = static_cast<T>(alpha);
    Launch<Device>::map(ctx, b.batch * b.size(), [=] PT_LAMBDA(int64_t i) { x[i] = factor * given[i]; });
    const int64_t n = a.rows, size_a = a.size(), size_b = b.size(), width = b.columns, height = b.rows;
    const bool down = forwards, flipped = transposed;
    if (right) {  // every row of X by itself
      Rows<Device>::each(ctx, b.batch * height, n * n, [=] PT_LAMBDA(int64_t row) {
        matrix::solve_triangular(m + row / height * size_a, n, down, flipped, x + row * width);
      });
      return;
    }
    Rows<Device>::columns(ctx, b.batch, width, n * n, [=] PT_LAMBDA(int64_t o, int64_t begin, int64_t end) {
      const T* own = m + o * size_a;
      T* columns = x + o * size_b;
      for (int64_t k = 0; k < n; ++k) {
        const int64_t i = down ? k : n - 1 - k;
        T* row = columns + i * width;
        for (int64_t j = 0; j < k; ++j) {
          const int64_t solved = down ? j : n - 1 - j;
          const T by = flipped ? own[solved * n + i] : own[i * n + solved];
          const T* from = columns + solved * width;
          for (int64_t c = begin; c < end; ++c) row[c] -= by * from[c];
        }
        for (int64_t c = begin; c < end; ++c) row[c] /= own[i * n + i];
      }
    });
  }
  Matrices a, b;
  bool transposed, right, forwards;
  double alpha;
};

// A (m, n) -> Q (m, n), L (m, m)
template <class Device, class T>
struct GelqfKernel : Kernel {
  explicit GelqfKernel(const KernelSpec& s) : m(s.in[0]) {}
  size_t workspace_bytes() const override { return static_cast<size_t>(m.batch * (m.size() + m.rows)) * sizeof(T); }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* a = static_cast<const T*>(in[0]);
    T *q = static_cast<T*>(out[0]), *l = static_cast<T*>(out[1]), *w = reinterpret_cast<T*>(ctx.workspace);
    const int64_t rows = m.rows, columns = m.columns, size = m.size();
    Rows<Device>::each(ctx, m.batch, 4 * rows * size + 1, [=] PT_LAMBDA(int64_t b) {
      T* own = w + b * (size + rows);
      for (int64_t i = 0; i < size; ++i) own[i] = a[b * size + i];
      matrix::lq(own, rows, columns, own + size, q + b * size, l + b * rows * rows);
    });
  }
  Matrices m;
};

// A (n, n) -> U (n, n), eigenvalues (n,)
template <class Device, class T>
struct SyevdKernel : Kernel {
  explicit SyevdKernel(const KernelSpec& s) : m(s.in[0]) {}
  size_t workspace_bytes() const override { return static_cast<size_t>(m.batch * m.size()) * sizeof(T); }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* a = static_cast<const T*>(in[0]);
    T *u = static_cast<T*>(out[0]), *values = static_cast<T*>(out[1]), *w = reinterpret_cast<T*>(ctx.workspace);
    const int64_t n = m.rows, size = m.size();
    Rows<Device>::each(ctx, m.batch, 30 * n * size + 1, [=] PT_LAMBDA(int64_t b) {
      T* own = w + b * size;
      for (int64_t i = 0; i < size; ++i) own[i] = a[b * size + i];
      matrix::symmetric_eigen(own, n, u + b * size, values + b * n);
    });
  }
  Matrices m;
};

// (U dU^T, eigenvalues, their gradient) -> the symmetric matrix that the gradient is in the basis of eigenvectors.
template <class Device, class T>
struct SyevdGradKernel : Kernel {
  explicit SyevdGradKernel(const KernelSpec& s) : m(s.in[0]) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* x = static_cast<const T*>(in[0]);
    const T* values = static_cast<const T*>(in[1]);
    const T* dvalues = static_cast<const T*>(in[2]);
    T* y = static_cast<T*>(out[0]);
    const int64_t n = m.rows;
    Launch<Device>::map(ctx, m.batch * n * n, [=] PT_LAMBDA(int64_t at) {
      const int64_t j = at % n, i = at / n % n, b = at / n / n;
      if (i == j) {
        y[at] = dvalues[b * n + i];
        return;
      }
      const T gap = values[b * n + i] - values[b * n + j];
      const T least = static_cast<T>(1e-30);  // equal eigenvalues have no gradient: large, not NaN
      const T bounded = std::fabs(gap) < least ? (i > j ? least : -least) : gap;
      y[at] = (x[at] - x[b * n * n + j * n + i]) / (T(2) * bounded);
    });
  }
  Matrices m;
};

// Workspace of kernels that need LU: a copy of each matrix and the order of its rows.
template <class T>
struct LuSpace {
  static size_t bytes(const Matrices& m) {
    return static_cast<size_t>(m.batch) *
           (static_cast<size_t>(m.rows + 1) * sizeof(int64_t) + static_cast<size_t>(m.size()) * sizeof(T));
  }
  LuSpace(const RunContext& ctx, const Matrices& m)
      : n(m.rows),
        order(reinterpret_cast<int64_t*>(ctx.workspace)),
        failed(order + m.batch * m.rows),
        lu(reinterpret_cast<T*>(failed + m.batch)) {}
  PT_HD int factorise(const T* a, int64_t b) const {
    T* own = lu + b * n * n;
    for (int64_t i = 0; i < n * n; ++i) own[i] = a[b * n * n + i];
    return matrix::lu(own, n, order + b * n);
  }
  int64_t n;
  int64_t *order, *failed;
  T* lu;
};

template <class Device, class T>
struct InverseKernel : Kernel {
  explicit InverseKernel(const KernelSpec& s) : m(s.in[0]) {}
  size_t workspace_bytes() const override { return LuSpace<T>::bytes(m); }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* a = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const LuSpace<T> w(ctx, m);
    Rows<Device>::each(ctx, m.batch, 2 * w.n * w.n * w.n + 1, [=] PT_LAMBDA(int64_t b) {
      const int64_t n = w.n;
      w.failed[b] = w.factorise(a, b) == 0;
      for (int64_t i = 0; i < n * n && w.failed[b]; ++i) y[b * n * n + i] = static_cast<T>(NAN);
      if (!w.failed[b]) matrix::inverse_from_lu(w.lu + b * n * n, n, w.order + b * n, y + b * n * n);
    });
    raise_failures<Device>(w.failed, m.batch, "is singular");
  }
  Matrices m;
};

// A -> det A, or (sign, log |det A|) with attribute log.
template <class Device, class T>
struct DetKernel : Kernel {
  explicit DetKernel(const KernelSpec& s) : m(s.in[0]), logarithm(s.attrs.flag("log")) {}
  size_t workspace_bytes() const override { return LuSpace<T>::bytes(m); }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* a = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    T* size = logarithm ? static_cast<T*>(out[1]) : nullptr;
    const LuSpace<T> w(ctx, m);
    Rows<Device>::each(ctx, m.batch, w.n * w.n * w.n + 1, [=] PT_LAMBDA(int64_t b) {
      const int64_t n = w.n;
      const int sign = w.factorise(a, b);
      const T* own = w.lu + b * n * n;
      T product = T(sign), sum = sign ? T(0) : static_cast<T>(-INFINITY);
      for (int64_t i = 0; i < n && sign; ++i) {
        const T pivot = own[i * n + i];
        product *= size ? (pivot < T(0) ? T(-1) : T(1)) : pivot;
        sum += std::log(std::fabs(pivot));
      }
      y[b] = product;
      if (size) size[b] = sum;
    });
  }
  Matrices m;
  bool logarithm;
};

// (factors, A) -> factor A^-T for each matrix; zero where A is singular: gradients of det and slogdet.
template <class Device, class T>
struct DetGradKernel : Kernel {
  explicit DetGradKernel(const KernelSpec& s) : m(s.in[1]) {}
  size_t workspace_bytes() const override {
    return LuSpace<T>::bytes(m) + static_cast<size_t>(m.batch * m.size()) * sizeof(T);
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* factors = static_cast<const T*>(in[0]);
    const T* a = static_cast<const T*>(in[1]);
    T* y = static_cast<T*>(out[0]);
    const LuSpace<T> w(ctx, m);
    T* inverses = w.lu + m.batch * m.size();
    Rows<Device>::each(ctx, m.batch, 2 * w.n * w.n * w.n + 1, [=] PT_LAMBDA(int64_t b) {
      const int64_t n = w.n;
      const bool singular = w.factorise(a, b) == 0;
      T* inverse = inverses + b * n * n;
      if (!singular) matrix::inverse_from_lu(w.lu + b * n * n, n, w.order + b * n, inverse);
      for (int64_t i = 0; i < n * n; ++i) {
        y[b * n * n + i] = singular ? T(0) : factors[b] * inverse[i % n * n + i / n];
      }
    });
  }
  Matrices m;
};

template <class Device, class T>
struct SumLogDiagKernel : Kernel {
  explicit SumLogDiagKernel(const KernelSpec& s) : m(s.in[0]) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* a = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const int64_t n = m.rows;
    Rows<Device>::each(ctx, m.batch, 8 * n + 1, [=] PT_LAMBDA(int64_t b) {
      T sum = 0;
      for (int64_t i = 0; i < n; ++i) sum += std::log(a[b * n * n + i * n + i]);
      y[b] = sum;
    });
  }
  Matrices m;
};

// Which part of a square matrix a triangle is: on and below diagonal `offset` or, if upper, on and above it.  Its
// elements follow each other row by row (upper: column by column).
struct TrianglePlan {
  int64_t batch = 1, n = 0, offset = 0, packed = 0;
  bool upper = false;

  // Number of the element at (row, column) in the triangle, -1 outside.
  PT_HD int64_t place(int64_t row, int64_t column) const {
    const int64_t shift = offset < 0 ? -offset : offset;
    const int64_t r = upper ? column - shift : row - shift, c = upper ? row : column;
    return r >= 0 && c <= r ? r * (r + 1) / 2 + c : -1;
  }
};

// Attributes n, offset, upper.
TrianglePlan plan_triangle(const KernelSpec& s, const TensorDesc& packed);

template <class Device, class T>
struct ExtractTrianKernel : Kernel {
  explicit ExtractTrianKernel(const KernelSpec& s) : plan(plan_triangle(s, s.out[0])) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const TrianglePlan p = plan;
    Launch<Device>::map(ctx, p.batch * p.n * p.n, [=] PT_LAMBDA(int64_t i) {
      const int64_t at = p.place(i / p.n % p.n, i % p.n);
      if (at >= 0) y[i / p.n / p.n * p.packed + at] = x[i];
    });
  }
  TrianglePlan plan;
};

template <class Device, class T>
struct MakeTrianKernel : Kernel {
  explicit MakeTrianKernel(const KernelSpec& s) : plan(plan_triangle(s, s.in[0])) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const TrianglePlan p = plan;
    Launch<Device>::map(ctx, p.batch * p.n * p.n, [=] PT_LAMBDA(int64_t i) {
      const int64_t at = p.place(i / p.n % p.n, i % p.n);
      y[i] = at >= 0 ? x[i / p.n / p.n * p.packed + at] : T(0);
    });
  }
  TrianglePlan plan;
};

// lower, upper: that triangle, zero elsewhere; mirror: the lower one and its mirror image; fold: X + X^T below the
// diagonal, X on it, zero above (what mirror does, transposed).
enum class TriangleMode : int64_t { lower = 0, upper = 1, mirror = 2, fold = 3 };

template <class Device, class T>
struct TriangleKernel : Kernel {
  explicit TriangleKernel(const KernelSpec& s) : m(s.in[0]), mode(static_cast<TriangleMode>(s.attrs.integer("mode"))) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const int64_t n = m.rows;
    const TriangleMode kind = mode;
    Launch<Device>::map(ctx, m.batch * n * n, [=] PT_LAMBDA(int64_t at) {
      const int64_t j = at % n, i = at / n % n;
      const T own = x[at], other = x[at - i * n - j + j * n + i];
      switch (kind) {
        case TriangleMode::lower: y[at] = j <= i ? own : T(0); break;
        case TriangleMode::upper: y[at] = j >= i ? own : T(0); break;
        case TriangleMode::mirror: y[at] = j <= i ? own : other; break;
        case TriangleMode::fold: y[at] = j < i ? own + other : (j == i ? own : T(0)); break;
      }
    });
  }
  Matrices m;
  TriangleMode mode;
};

template <class Device, template <class, class> class K>
void add_real(Registry& r, const char* name) {
  r.add(name, [](const KernelSpec& s) -> std::unique_ptr<Kernel> {
    if (s.out[0].dtype == DType::float32) return std::make_unique<K<Device, float>>(s);
    if (s.out[0].dtype == DType::float64) return std::make_unique<K<Device, double>>(s);
    return nullptr;
  });
}

template <class Device>
void register_factor(Registry& r) {
  add_real<Device, PotrfKernel>(r, "potrf");
  add_real<Device, PotriKernel>(r, "potri");
  add_real<Device, TrsmKernel>(r, "trsm");
  add_real<Device, GelqfKernel>(r, "gelqf");
  add_real<Device, SyevdKernel>(r, "syevd");
  add_real<Device, SyevdGradKernel>(r, "syevd_grad");
  add_real<Device, InverseKernel>(r, "inverse");
  add_real<Device, DetKernel>(r, "det");
  add_real<Device, DetGradKernel>(r, "det_grad");
  add_real<Device, SumLogDiagKernel>(r, "sumlogdiag");
  add_real<Device, ExtractTrianKernel>(r, "extracttrian");
  add_real<Device, MakeTrianKernel>(r, "maketrian");
  add_real<Device, TriangleKernel>(r, "triangle");
}

}  // namespace paratrain
