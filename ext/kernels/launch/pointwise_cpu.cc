#include "kernels/launch/pointwise_cpu.h"

#include "kernels/launch/cpu.h"

namespace paratrain {

namespace {

const char* place(const void* base, int64_t bytes) { return static_cast<const char*>(base) + bytes; }
char* place(void* base, int64_t bytes) { return static_cast<char*>(base) + bytes; }

// An operand of a broadcast, walked through along the innermost axis.
struct Operand {
  const void* base;
  const int64_t* strides;  // of the plan
  bool stays;              // one element serves all of the innermost axis
};

}  // namespace

void run_lines(const RunContext& ctx, int64_t n, UnaryLine line, const void* x, void* y) {
  Launch<Cpu>::pieces(ctx, n, [=](int64_t begin, int64_t end) {
    line.run(end - begin, place(x, begin * line.in_size), place(y, begin * line.out_size));
  });
}

void run_lines(const RunContext& ctx, int64_t n, BinaryLines::Line line, int64_t size, const void* a, bool a_stays,
               const void* b, bool b_stays, void* y) {
  Launch<Cpu>::pieces(ctx, n, [=](int64_t begin, int64_t end) {
    line(end - begin, a_stays ? a : place(a, begin * size), b_stays ? b : place(b, begin * size),
         place(y, begin * size));
  });
}

void run_lines(const RunContext& ctx, const BroadcastPlan& p, const BinaryLines& lines, const void* a, const void* b,
               void* y) {
  if (p.size == 0) return;
  const int last = p.ndim - 1;
  if (p.ndim == 0) return lines.both(1, a, b, y);
  const Operand first{a, p.stride_a, p.stride_a[last] == 0}, second{b, p.stride_b, p.stride_b[last] == 0};
  const BinaryLines::Line line = second.stays ? lines.first : (first.stays ? lines.second : lines.both);
  if (p.ndim == 1 && line == lines.both) return run_lines(ctx, p.size, line, lines.size, a, false, b, false, y);
  // rows, cut where they are long
  const int64_t inner = p.shape[last], outer = p.size / inner, parts = (inner + kSerial - 1) / kSerial;
  Launch<Cpu>::each(ctx, outer * parts, std::min(inner, kSerial), [&, inner, parts, line, first, second](int64_t item) {
    const int64_t row = item / parts, begin = item % parts * kSerial, end = std::min(inner, begin + kSerial);
    const auto operand = [&](const Operand& o, void* value) -> const void* {
      const int64_t at = offset_of(row, last, p.shape, o.strides);
      if (!o.stays) return place(o.base, (at + begin) * lines.size);
      lines.widen(place(o.base, at * lines.size), value);
      return value;
    };
    double u, v;  // room for a value of any type
    line(end - begin, operand(first, &u), operand(second, &v), place(y, (row * inner + begin) * lines.size));
  });
}

}  // namespace paratrain
