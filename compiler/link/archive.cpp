// See archive.h.
#include "link/archive.h"

#include "codegen/codegen.h"
#include "link/sidecar.h"

#include <ar.h>

#include <charconv>
#include <cstring>
#include <span>

namespace burrow::link {

namespace {

// An ar header field: text padded with blanks.
template <size_t N>
std::string_view field(const char (&text)[N]) {
  std::string_view s(text, N);
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return s;
}

}  // namespace

std::string describeArchive(std::string_view archive, std::string* error) {
  auto damaged = [&]() {
    *error = "the runtime's archive is damaged";
    return std::string();
  };
  if (!archive.starts_with(ARMAG)) return damaged();
  std::string out(ARMAG, SARMAG);
  size_t at = SARMAG;
  while (at + sizeof(ar_hdr) <= archive.size()) {
    ar_hdr header;
    std::memcpy(&header, archive.data() + at, sizeof header);
    at += sizeof header;
    std::string_view sizeText = field(header.ar_size);
    size_t size = 0;
    if (std::from_chars(sizeText.data(), sizeText.data() + sizeText.size(), size).ec != std::errc()) return damaged();
    if (size > archive.size() - at) return damaged();
    std::string content(archive.substr(at, size));
    at += size + size % 2;

    std::string_view name = field(header.ar_name);
    if (name == "/" || name == "/SYM64/") continue;
    if (name != "//") {
      std::vector<uint8_t> sidecar =
          codegen::describeObject({reinterpret_cast<const uint8_t*>(content.data()), content.size()}, error);
      if (sidecar.empty()) return {};
      if (!embedSidecar(content, {reinterpret_cast<const char*>(sidecar.data()), sidecar.size()}, error)) return {};
    }
    std::memset(header.ar_size, ' ', sizeof header.ar_size);
    std::to_chars(header.ar_size, header.ar_size + sizeof header.ar_size, content.size());
    out.append(reinterpret_cast<const char*>(&header), sizeof header);
    out += content;
    if (out.size() % 2 != 0) out.push_back('\n');
  }
  return out;
}

}  // namespace burrow::link
