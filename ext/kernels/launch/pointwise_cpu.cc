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

constexpr int64_t kBlock = 512;  // elements that are made wider at a time

void run_line(const UnaryLine& line, int64_t n, const void* x, void* y) {
  if (!line.wide.load) return line.run(n, x, y);
  alignas(64) double block[kBlock];
  for (int64_t i = 0; i < n; i += kBlock) {
    const int64_t m = std::min(n - i, kBlock);
    line.wide.load(m, place(x, i * line.in_size), block);
    line.run(m, block, block);
    line.wide.store(m, block, place(y, i * line.out_size));
  }
}

void run_line(const BinaryLines& lines, int64_t n, const void* a, bool a_stays, const void* b, bool b_stays, void* y) {
  const BinaryLoopCall line = b_stays ? lines.first : (a_stays ? lines.second : lines.both);
  if (!lines.wide.load) return line(n, a, b, y);
  alignas(64) double u[kBlock], v[kBlock];
  for (int64_t i = 0; i < n; i += kBlock) {
    const int64_t m = std::min(n - i, kBlock);
    if (!a_stays) lines.wide.load(m, place(a, i * lines.size), u);
    if (!b_stays) lines.wide.load(m, place(b, i * lines.size), v);
    line(m, a_stays ? a : u, b_stays ? b : v, u);
    lines.wide.store(m, u, place(y, i * lines.size));
  }
}

}  // namespace

void run_lines(const RunContext& ctx, int64_t n, const UnaryLine& line, const void* x, void* y) {
  Launch<Cpu>::pieces(ctx, n, [=](int64_t begin, int64_t end) {
    run_line(line, end - begin, place(x, begin * line.in_size), place(y, begin * line.out_size));
  });
}

void run_lines(const RunContext& ctx, int64_t n, const BinaryLines& lines, const void* a, bool a_stays, const void* b,
               bool b_stays, void* y) {
  const int64_t size = lines.size;
  Launch<Cpu>::pieces(ctx, n, [=](int64_t begin, int64_t end) {
    run_line(lines, end - begin, a_stays ? a : place(a, begin * size), a_stays, b_stays ? b : place(b, begin * size),
             b_stays, place(y, begin * size));
  });
}

void run_lines(const RunContext& ctx, const BroadcastPlan& p, const BinaryLines& lines, const void* a, const void* b,
               void* y) {
  if (p.size == 0) return;
  const int last = p.ndim - 1;
  if (p.ndim == 0) return run_line(lines, 1, a, false, b, false, y);
  const Operand first{a, p.stride_a, p.stride_a[last] == 0}, second{b, p.stride_b, p.stride_b[last] == 0};
  if (p.ndim == 1 && !first.stays && !second.stays) return run_lines(ctx, p.size, lines, a, false, b, false, y);
  // rows, cut where they are long
  const int64_t inner = p.shape[last], outer = p.size / inner, parts = (inner + kSerial - 1) / kSerial;
  Launch<Cpu>::each(
      ctx, outer * parts, std::min(inner, kSerial), [&p, &lines, y, inner, last, parts, first, second](int64_t item) {
        const int64_t row = item / parts, begin = item % parts * kSerial, end = std::min(inner, begin + kSerial);
        const auto operand = [&](const Operand& o, void* value) -> const void* {
          const int64_t at = offset_of(row, last, p.shape, o.strides);
          if (!o.stays) return place(o.base, (at + begin) * lines.size);
          lines.widen(place(o.base, at * lines.size), value);
          return value;
        };
        double u, v;  // room for a value of any type
        run_line(lines, end - begin, operand(first, &u), first.stays, operand(second, &v), second.stays,
                 place(y, (row * inner + begin) * lines.size));
      });
}

}  // namespace paratrain
