// Recurrent layers of floats on the CPU, a block of the batch's rows after the other: a thread takes its rows through
// all times of a pass, with W_h packed once, and waits for nobody on the way.
#include "kernels/launch/rows_cpu.h"
// the loops first: the family's templates use them
#include "kernels/linalg/panels.h"
#include "kernels/rnn/rnn.h"

namespace paratrain {
namespace {

constexpr int64_t kMostRows = 8;  // of a block: what the registers of a product hold

// Blocks as large as may be, but one at least for every thread.  Rows do not depend on each other, so results are the
// same whatever the number of threads.
struct Blocks {
  int64_t rows, count;
  explicit Blocks(int64_t batch) {
    const int64_t threads = omp_get_max_threads();
    const int64_t wanted = ((batch + kMostRows - 1) / kMostRows + threads - 1) / threads * threads;
    rows = (batch + wanted - 1) / wanted;
    count = (batch + rows - 1) / rows;
  }
};

// item(first, rows) for every block
template <class F>
void each_block(const RunContext& ctx, const RnnPlan& p, F item) {
  const Blocks blocks(p.batch);
  const int64_t work = blocks.rows * p.time * p.gate_width();
  Launch<Cpu>::each(ctx, blocks.count, work, [&](int64_t block) {
    const int64_t first = block * blocks.rows;
    item(first, std::min(blocks.rows, p.batch - first));
  });
}

template <class Device, class Cell, class T>
class BlocksKernel final : public RnnKernel<Device, T> {
  using Base = RnnKernel<Device, T>;
  using Base::ends_, Base::p_, Base::place, Base::reserve, Base::row_at, Base::row_steps;

 public:
  explicit BlocksKernel(const KernelSpec& s)
      : Base(s), packed_(reserve(panels::packed_size(p_.state, p_.gate_width()))) {}
  std::string implementation() const override { return "blocks"; }

  void times(const RunContext& ctx, int64_t pass, const T* parameters, T* kept, T* y) override {
    const int64_t state = p_.state, gates = p_.gate_width();
    T* packed = place(ctx, packed_);
    panels::pack(parameters + p_.weight_h(pass), 1, state, state, gates, packed);
    each_block(ctx, p_, [&](int64_t first, int64_t rows) {
      const RnnRowSteps by = row_steps();
      for (int64_t s = 0; s < p_.time; ++s) {
        const int64_t t = p_.at_step(pass, s);
        const RnnForwardRow<T> row = row_at(ctx, pass, t, parameters, kept, y).at(first, by);
        panels::multiply(row.hidden, state, packed, rows, state, gates, const_cast<T*>(row.h), gates);
        for (int64_t n = 0; n < rows; ++n) {
          if (ends_.behind(first + n, t)) {
            rnn_skip(row.at(n, by), p_, 0, state);
          } else {
            Cell::forward(row.at(n, by), state, 0, state);
          }
        }
      }
    });
  }

 private:
  size_t packed_;
};

template <class Device, class Cell, class T>
class BlocksGradKernel final : public RnnGradKernel<Device, T> {
  using Base = RnnGradKernel<Device, T>;
  using Base::dh_more_, Base::ends_, Base::p_, Base::place, Base::reserve, Base::row_at, Base::row_steps;

 public:
  explicit BlocksGradKernel(const KernelSpec& s)
      : Base(s), packed_(reserve(panels::packed_size(p_.gate_width(), p_.state))) {}
  std::string implementation() const override { return "blocks"; }

  void times(const RunContext& ctx, int64_t pass, const T* parameters, const T* dy, const T* kept) override {
    const int64_t state = p_.state, gates = p_.gate_width();
    T* packed = place(ctx, packed_);
    panels::pack(parameters + p_.weight_h(pass), state, 1, gates, state, packed);
    each_block(ctx, p_, [&](int64_t first, int64_t rows) {
      const RnnRowSteps by = row_steps();
      T* more = place(ctx, dh_more_) + first * state;
      for (int64_t s = p_.time - 1; s >= 0; --s) {
        const int64_t t = p_.at_step(pass, s);
        const RnnBackwardRow<T> row = row_at(ctx, pass, t, dy, kept).at(first, by);
        for (int64_t n = 0; n < rows; ++n) {
          if (ends_.behind(first + n, t)) {
            rnn_skip(row.at(n, by), p_, 0, state);
          } else {
            Cell::backward(row.at(n, by), state, 0, state);
          }
        }
        panels::multiply(row.dh_gates, gates, packed, rows, gates, state, more, state);
        for (int64_t i = 0; i < rows * state; ++i) row.dh[i] += more[i];
      }
    });
  }

 private:
  size_t packed_;
};

// A batch of one block keeps one thread busy: where W_h does not fit into its cache, all threads had better share each
// product.  States that are projected are the plain kernel's.
bool worthwhile(const RnnPlan& p) {
  constexpr int64_t kCache = 2 << 20;
  const bool cached = p.gate_width() * p.state * static_cast<int64_t>(sizeof(float)) <= kCache;
  return !p.projected && p.batch > 0 && p.time > 0 && (cached || p.batch > kMostRows);
}

template <template <class, class, class> class Class, size_t data>
std::unique_ptr<Kernel> make_blocks(const KernelSpec& s) {
  if (s.in[0].dtype != DType::float32 || !worthwhile(rnn_plan(s.attrs, s.in[data].shape))) return nullptr;
  return make_rnn_of<Class, Cpu, float>(s);
}

}  // namespace

void register_rnn_blocks(Registry& r) {
  r.add("rnn", make_blocks<BlocksKernel, 0>);
  r.add("rnn_grad", make_blocks<BlocksGradKernel, 1>);
}

}  // namespace paratrain
