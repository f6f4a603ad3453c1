// See sidecar.h.
#include "codegen/sidecar.h"

#include <cstring>

namespace burrow::codegen {

using namespace abi::functab;

uint32_t SidecarWriter::string(std::string_view s) {
  auto [it, isNew] = stringOffsets_.try_emplace(std::string(s), static_cast<uint32_t>(strings_.size()));
  if (isNew) {
    appendVarint(strings_, s.size());
    strings_.insert(strings_.end(), s.begin(), s.end());
    strings_.push_back(0);
  }
  return it->second;
}

uint32_t SidecarWriter::file(std::string_view path) {
  auto [it, isNew] = fileNumbers_.try_emplace(std::string(path), static_cast<uint32_t>(files_.size()));
  if (isNew) files_.push_back(string(path));
  return it->second;
}

std::vector<uint8_t> SidecarWriter::finish() {
  SidecarHeader header{};
  header.magic = kSidecarMagic;
  header.version = kVersion;
  header.funcCount = static_cast<uint32_t>(funcs_.size());
  header.fileCount = static_cast<uint32_t>(files_.size());
  header.funcs = sizeof(SidecarHeader);
  header.files = header.funcs + header.funcCount * static_cast<uint32_t>(sizeof(SidecarFunc));
  header.data = header.files + header.fileCount * 4;
  header.dataSize = static_cast<uint32_t>(data_.size());
  header.strings = header.data + header.dataSize;
  header.stringsSize = static_cast<uint32_t>(strings_.size());
  header.size = (header.strings + header.stringsSize + 7) & ~7u;
  std::vector<uint8_t> out(header.size);
  auto put = [&](size_t at, const void* from, size_t size) {
    if (size != 0) std::memcpy(out.data() + at, from, size);
  };
  put(0, &header, sizeof(header));
  put(header.funcs, funcs_.data(), funcs_.size() * sizeof(SidecarFunc));
  put(header.files, files_.data(), files_.size() * 4);
  put(header.data, data_.data(), data_.size());
  put(header.strings, strings_.data(), strings_.size());
  return out;
}

uint16_t packageLength(std::string_view name) {
  std::string_view plain = name.substr(0, name.find('['));
  size_t slash = plain.rfind('/');
  // A receiver in parentheses may hold a path of its own only behind the package's.
  size_t paren = plain.find('(');
  if (slash != std::string_view::npos && paren != std::string_view::npos && slash > paren) slash = plain.substr(0, paren).rfind('/');
  size_t dot = plain.find('.', slash == std::string_view::npos ? 0 : slash);
  if (dot == std::string_view::npos || dot > 0xffff) return 0;
  return static_cast<uint16_t>(dot);
}

}  // namespace burrow::codegen
