// Exceptions of the record pipeline. The Cython border maps them to paratrain.io.errors.
#pragma once

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>

namespace paratrain::io {

// A file's content is not what the format asks for.
struct RecordError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The system refused an operation on a file; `code` is its errno.
struct FileError : std::runtime_error {
  FileError(const std::string& what, int code_, std::string path_)
      : std::runtime_error(what + ": " + std::strerror(code_)), code(code_), path(std::move(path_)) {}
  int code;
  std::string path;
};

enum class Caught { record, file, memory, argument, other };

// Describes the exception in flight; to be called from a handler.
inline Caught describe(std::string* message, std::string* path, int* code) {
  try {
    throw;
  } catch (const FileError& e) {
    *message = e.what();
    *path = e.path;
    *code = e.code;
    return Caught::file;
  } catch (const RecordError& e) {
    *message = e.what();
    return Caught::record;
  } catch (const std::bad_alloc&) {
    return Caught::memory;
  } catch (const std::invalid_argument& e) {
    *message = e.what();
    return Caught::argument;
  } catch (const std::exception& e) {
    *message = e.what();
    return Caught::other;
  }
}

}  // namespace paratrain::io
