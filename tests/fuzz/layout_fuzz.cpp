// The description of a runtime that an executable carries, as anybody may write it: Layout::parse accepts or refuses, and what it
// has accepted can be asked for anything.
#include <zlib.h>

#include <cstring>
#include <string>

#include "inspect/layout.h"

using namespace burrow::inspect;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return -1;
  // The input is the text: packed as the linked section has it, with as many roots as its first byte says.
  const uint32_t roots = data[0] % 16;
  data++, size--;
  uLongf packed = compressBound(size);
  std::string section(24 + 8 * roots + packed, '\0');
  if (compress2(reinterpret_cast<Bytef*>(section.data() + 24 + 8 * roots), &packed, data, size, 0) != Z_OK) return -1;
  section.resize(24 + 8 * roots + packed);
  const uint16_t version[2] = {1, 0};
  const uint32_t numbers[4] = {roots, uint32_t(packed), uint32_t(size), 0};
  std::memcpy(section.data(), "BRWL", 4);
  std::memcpy(section.data() + 4, version, 4);
  std::memcpy(section.data() + 8, numbers, 16);
  Layout layout;
  std::string error;
  if (!layout.parse(section, 0, &error)) return 0;
  for (const LayoutRoot& r : layout.roots()) {
    layout.typeName(r.type);
    layout.path(r.type, "0.1.stats");
  }
  for (const LayoutStruct& s : layout.structures())
    for (const LayoutField& f : s.fields) layout.typeName(f.type), layout.path(f.type, "3.x.0");
  layout.constant("pageSize");
  layout.enumerator("GStatus", 4);
  return 0;
}
