// The limits of this machine in float32: matrix multiplication and convolutions by raw oneDNN in its own layouts, and
// memory bandwidth. Prints one line of JSON. Built and run by limits.py.

#include <omp.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "dnnl.hpp"

namespace {

using dnnl::memory;
using Arguments = std::unordered_map<int, memory>;

const memory::data_type kFloat = memory::data_type::f32;
const memory::format_tag kAny = memory::format_tag::any;
double seconds_each = 0.2;
bool first = true;

void print(const std::string& name, double value) {
  std::printf("%s\"%s\": %.3f", first ? "{" : ", ", name.c_str(), value);
  first = false;
}

// Seconds that passed, or with BENCHMARK_CLOCK=cpu those that this process computed, in all its threads.
double now() {
  const char* chosen = std::getenv("BENCHMARK_CLOCK");
  if (chosen != nullptr && std::strcmp(chosen, "cpu") == 0) return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Calls per second of `call`, after one call that is not counted.
double rate(const std::function<void()>& call) {
  call();
  const double start = now();
  for (int calls = 1;; ++calls) {
    call();
    const double elapsed = now() - start;
    if (elapsed >= seconds_each) return calls / elapsed;
  }
}

// Memory with ones: zeros and denormals would not run at the usual speed.
memory filled(const memory::desc& desc, const dnnl::engine& engine) {
  memory result(desc, engine);
  float* values = static_cast<float*>(result.get_data_handle());
  const std::size_t count = desc.get_size() / sizeof(float);
  for (std::size_t i = 0; i < count; ++i) values[i] = 1.0f;
  return result;
}

double primitive_rate(const dnnl::primitive& primitive, const dnnl::engine& engine, const Arguments& arguments) {
  dnnl::stream stream(engine);
  return rate([&] {
    primitive.execute(stream, arguments);
    stream.wait();
  });
}

void gemm(int threads, memory::dim size) {
  omp_set_num_threads(threads);
  dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  const memory::desc square({size, size}, kFloat, memory::format_tag::ab);
  const dnnl::matmul::primitive_desc chosen(engine, square, memory::desc({size, size}, kFloat, kAny), square);
  const Arguments arguments{{DNNL_ARG_SRC, filled(square, engine)},
                            {DNNL_ARG_WEIGHTS, filled(chosen.weights_desc(), engine)},
                            {DNNL_ARG_DST, filled(square, engine)}};
  const double calls = primitive_rate(dnnl::matmul(chosen), engine, arguments);
  print("gemm " + std::to_string(threads) + (threads == 1 ? " thread" : " threads") + " GFLOP/s",
        2e-9 * size * size * size * calls);
}

struct Layer {
  memory::dim before, after, image, kernel, stride;
};

void convolution(int threads, const Layer& layer) {
  omp_set_num_threads(threads);
  using dnnl::algorithm;
  dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  const memory::dim batch = 16, pad = layer.kernel / 2;
  const memory::dim out = (layer.image + 2 * pad - layer.kernel) / layer.stride + 1;
  const memory::desc data({batch, layer.before, layer.image, layer.image}, kFloat, kAny);
  const memory::desc weights({layer.after, layer.before, layer.kernel, layer.kernel}, kFloat, kAny);
  const memory::desc result({batch, layer.after, out, out}, kFloat, kAny);
  const memory::dims strides{layer.stride, layer.stride}, pads{pad, pad};
  const dnnl::convolution_forward::primitive_desc forward(engine, dnnl::prop_kind::forward_training,
                                                          algorithm::convolution_direct, data, weights, result, strides,
                                                          pads, pads);
  const dnnl::convolution_backward_data::primitive_desc to_data(engine, algorithm::convolution_direct, data, weights,
                                                                result, strides, pads, pads, forward);
  const dnnl::convolution_backward_weights::primitive_desc to_weights(engine, algorithm::convolution_direct, data,
                                                                      weights, result, strides, pads, pads, forward);
  const double work = 2e-9 * batch * out * out * layer.after * layer.before * layer.kernel * layer.kernel;
  const std::string name = "conv " + std::to_string(layer.before) + "-" + std::to_string(layer.after) + " " +
                           std::to_string(layer.kernel) + "x" + std::to_string(layer.kernel) + " at " +
                           std::to_string(layer.image) + " ";
  print(name + "forward GFLOP/s", work * primitive_rate(dnnl::convolution_forward(forward), engine,
                                                        {{DNNL_ARG_SRC, filled(forward.src_desc(), engine)},
                                                         {DNNL_ARG_WEIGHTS, filled(forward.weights_desc(), engine)},
                                                         {DNNL_ARG_DST, filled(forward.dst_desc(), engine)}}));
  print(name + "backward-data GFLOP/s",
        work * primitive_rate(dnnl::convolution_backward_data(to_data), engine,
                              {{DNNL_ARG_DIFF_SRC, filled(to_data.diff_src_desc(), engine)},
                               {DNNL_ARG_WEIGHTS, filled(to_data.weights_desc(), engine)},
                               {DNNL_ARG_DIFF_DST, filled(to_data.diff_dst_desc(), engine)}}));
  print(name + "backward-weights GFLOP/s",
        work * primitive_rate(dnnl::convolution_backward_weights(to_weights), engine,
                              {{DNNL_ARG_SRC, filled(to_weights.src_desc(), engine)},
                               {DNNL_ARG_DIFF_WEIGHTS, filled(to_weights.diff_weights_desc(), engine)},
                               {DNNL_ARG_DIFF_DST, filled(to_weights.diff_dst_desc(), engine)}}));
}

// Bytes that a program reads and writes; what caches move besides (write-allocate) is not counted.
void bandwidth(int threads) {
  omp_set_num_threads(threads);
  const long count = 32L << 20;  // 128 MB an array: far more than caches hold
  std::vector<float> a(count, 1.0f), b(count, 2.0f), c(count, 3.0f);
  const double copies = rate([&] {
#pragma omp parallel for schedule(static)
    for (long i = 0; i < count; ++i) a[i] = b[i];
  });
  print("copy GB/s", 2e-9 * sizeof(float) * count * copies);
  const double triads = rate([&] {
#pragma omp parallel for schedule(static)
    for (long i = 0; i < count; ++i) a[i] = b[i] + 0.5f * c[i];
  });
  print("triad GB/s", 3e-9 * sizeof(float) * count * triads);
}

}  // namespace

// limits THREADS SECONDS [gemm]
int main(int count, char** words) {
  const int threads = count > 1 ? std::atoi(words[1]) : 1;
  if (count > 2) seconds_each = std::atof(words[2]);
  const bool only_gemm = count > 3 && std::strcmp(words[3], "gemm") == 0;
  if (threads > 1 && !only_gemm) gemm(1, 2048);
  gemm(threads, 2048);
  if (!only_gemm) {
    // of ResNet-50: filters before and after, image, kernel, stride
    for (const Layer& layer :
         {Layer{3, 64, 224, 7, 2}, Layer{64, 64, 56, 3, 1}, Layer{256, 64, 56, 1, 1}, Layer{128, 128, 28, 3, 1},
          Layer{512, 128, 28, 1, 1}, Layer{256, 256, 14, 3, 1}, Layer{1024, 256, 14, 1, 1}, Layer{512, 512, 7, 3, 1}}) {
      convolution(threads, layer);
    }
    bandwidth(threads);
  }
  std::printf("}\n");
  return 0;
}
