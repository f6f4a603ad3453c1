// The read end is drained by a thread, because the writer blocks when the pipe is full. The write end stays open here
// until finish: without it the reader would see the end of the file before the writer has opened the path.
#include "link/memory_output.h"

#include "source/system_error.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace burrow::link {

bool MemoryOutput::open(std::string* error) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    *error = fmt::format("pipe: {}", source::systemErrorText(errno));
    return false;
  }
  readEnd_ = ends[0];
  writeEnd_ = ends[1];
  constexpr int kPipeSize = 1 << 20;
  ::fcntl(readEnd_, F_SETPIPE_SZ, kPipeSize);  // fewer switches between the two threads; works without, too
  reader_ = std::thread([this] {
    size_t used = 0;
    for (;;) {
      if (content_.size() - used < kPipeSize) content_.resize(2 * content_.size() + kPipeSize);
      ssize_t n = ::read(readEnd_, content_.data() + used, content_.size() - used);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) break;
      used += static_cast<size_t>(n);
    }
    content_.resize(used);
  });
  return true;
}

std::string MemoryOutput::path() const { return fmt::format("/proc/self/fd/{}", writeEnd_); }

std::string MemoryOutput::finish() {
  if (!reader_.joinable()) return {};
  ::close(writeEnd_);
  reader_.join();
  ::close(readEnd_);
  return std::move(content_);
}

}  // namespace burrow::link
