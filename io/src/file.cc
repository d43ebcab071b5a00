#include "file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "errors.h"

namespace paratrain::io {

namespace {

int open_file(const std::string& path, File::Mode mode) {
  // not blocking: opening a pipe must not wait for somebody who writes into it
  const int flags = mode == File::Mode::read     ? O_RDONLY | O_NONBLOCK
                    : mode == File::Mode::append ? O_WRONLY | O_CREAT | O_APPEND
                                                 : O_WRONLY | O_CREAT | O_TRUNC;
  int fd;
  do {
    fd = ::open(path.c_str(), flags | O_CLOEXEC, 0666);
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) {
    const char* aim = mode == File::Mode::read ? "cannot open " : "cannot create ";
    throw FileError(aim + path, errno, path);
  }
  return fd;
}

}  // namespace

File::File(const std::string& path, Mode mode) : path_(path), fd_(open_file(path, mode)) {
  if (mode != Mode::read) return;
  struct stat status;
  const bool known = ::fstat(fd_, &status) == 0;
  if (known && S_ISREG(status.st_mode)) return;
  const int code = !known ? errno : S_ISDIR(status.st_mode) ? EISDIR : ESPIPE;
  ::close(fd_);
  throw FileError("cannot read " + path + " as a record file", code, path);
}

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

int64_t File::size() const {
  struct stat status;
  if (::fstat(fd_, &status) != 0) throw FileError("cannot ask the size of " + path_, errno, path_);
  return status.st_size;
}

int64_t File::read_at(int64_t offset, char* out, int64_t n) const {
  int64_t done = 0;
  while (done < n) {
    const ssize_t got = ::pread(fd_, out + done, static_cast<size_t>(n - done), offset + done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw FileError("cannot read " + path_ + " at byte " + std::to_string(offset + done), errno, path_);
    if (got == 0) break;
    done += got;
  }
  return done;
}

void File::write(const char* data, int64_t n) {
  while (n > 0) {
    const ssize_t put = ::write(fd_, data, static_cast<size_t>(std::min<int64_t>(n, int64_t{1} << 30)));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) throw FileError("cannot write " + path_, errno, path_);
    data += put;
    n -= put;
  }
}

// Only a wish: where the system cannot do it, `sync` has more to wait for, and an error comes up there.
void File::begin_sync(int64_t from, int64_t n) { ::sync_file_range(fd_, from, n, SYNC_FILE_RANGE_WRITE); }

void File::sync() {
  if (::fsync(fd_) != 0) throw FileError("cannot write " + path_, errno, path_);
}

void File::close() {
  const int fd = fd_;
  fd_ = -1;
  if (fd >= 0 && ::close(fd) != 0 && errno != EINTR) throw FileError("cannot write " + path_, errno, path_);
}

}  // namespace paratrain::io
