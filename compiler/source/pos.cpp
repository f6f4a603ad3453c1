// See pos.h.
#include "source/pos.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace burrow::source {

std::string Position::str() const {
  if (!isValid()) return std::string(file);
  if (column == 0) return fmt::format("{}:{}", file, line);
  return fmt::format("{}:{}:{}", file, line, column);
}

void SourceFile::indexLines() {
  lineStarts.assign(1, 0);
  lineStarts.reserve(text.size() / 24 + 1);  // Go code has about 28 bytes per line
  const char* begin = text.data();
  const char* end = begin + text.size();
  for (const char* p = begin; (p = static_cast<const char*>(std::memchr(p, '\n', static_cast<size_t>(end - p))));) {
    p++;
    lineStarts.push_back(static_cast<uint32_t>(p - begin));
  }
}

SourceFile* SourceFiles::add(std::string name, std::string text) {
  // One Pos past the end of each file stays free: it is where "unexpected EOF" points.
  if (text.size() >= UINT32_MAX - next_ - 1) return nullptr;
  SourceFile& file = files_.emplace_back();
  file.name = std::move(name);
  file.text = std::move(text);
  file.base = next_;
  file.lineStarts.assign(1, 0);
  next_ += file.size() + 1;
  return &file;
}

SourceFile* SourceFiles::read(const std::string& path, std::string displayName, std::string* error) {
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    *error = std::strerror(errno);
    return nullptr;
  }
  std::string text;
  struct stat st;
  if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
    close(fd);
    *error = "is a directory";
    return nullptr;
  }
  if (st.st_size > 0) text.reserve(static_cast<size_t>(st.st_size));
  char buffer[1 << 16];
  for (;;) {
    ssize_t n = ::read(fd, buffer, sizeof buffer);
    if (n < 0) {
      if (errno == EINTR) continue;
      *error = std::strerror(errno);
      close(fd);
      return nullptr;
    }
    if (n == 0) break;
    text.append(buffer, static_cast<size_t>(n));
  }
  close(fd);
  SourceFile* file = add(std::move(displayName), std::move(text));
  if (!file) *error = "source text exceeds 4 GB";
  return file;
}

const SourceFile* SourceFiles::file(Pos p) const {
  if (!p.isValid()) return nullptr;
  auto it = std::upper_bound(files_.begin(), files_.end(), p.value,
                             [](uint32_t v, const SourceFile& f) { return v < f.base; });
  if (it == files_.begin()) return nullptr;
  --it;
  return p.value - it->base <= it->size() ? &*it : nullptr;
}

Position SourceFile::physical(uint32_t offset) const {
  auto line = std::upper_bound(lineStarts.begin(), lineStarts.end(), offset) - 1;
  return {name, static_cast<uint32_t>(line - lineStarts.begin()) + 1, offset - *line + 1};
}

Position SourceFile::position(uint32_t offset) const {
  Position here = physical(offset);
  auto d = std::upper_bound(lineDirectives.begin(), lineDirectives.end(), offset,
                            [](uint32_t o, const LineDirective& l) { return o < l.offset; });
  if (d == lineDirectives.begin()) return here;
  --d;
  Position from = physical(d->offset);
  Position result{d->file, d->line + (here.line - from.line), 0};
  if (d->column != 0) {
    result.column = here.line == from.line ? d->column + (here.column - from.column) : here.column;
  }
  return result;
}

Position SourceFiles::physical(Pos p) const {
  const SourceFile* f = file(p);
  return f ? f->physical(f->offset(p)) : Position{};
}

Position SourceFiles::position(Pos p) const {
  const SourceFile* f = file(p);
  return f ? f->position(f->offset(p)) : Position{};
}

}  // namespace burrow::source
