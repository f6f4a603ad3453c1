#include "inspect/layout.h"

#include <nlohmann/json.hpp>
#include <zlib.h>

#include <charconv>
#include <cstring>

namespace burrow::inspect {

namespace {

using Json = nlohmann::json;

constexpr size_t kHeader = 24;
constexpr uint16_t kVersion = 1;
constexpr uint32_t kMostText = 16 << 20, kMostRoots = 4096;
constexpr int kMostNesting = 16;
constexpr size_t kMostTypeText = 256;

uint32_t number32(std::string_view from, size_t at) {
  uint32_t v;
  std::memcpy(&v, from.data() + at, sizeof v);
  return v;
}

std::string textOf(const Json& j) { return j.is_string() ? j.get<std::string>() : std::string(); }
uint64_t numberOf(const Json& j) { return j.is_number_integer() ? j.get<uint64_t>() : 0; }

}  // namespace

bool Layout::parse(std::string_view section, uint64_t bias, std::string* error) {
  *error = "its description of the runtime is damaged";
  if (section.size() < kHeader || section.substr(0, 4) != "BRWL") return false;
  uint16_t version;
  std::memcpy(&version, section.data() + 4, sizeof version);
  if (version != kVersion) {
    *error = "its description of the runtime has version " + std::to_string(version) + "; this inspector knows version " +
             std::to_string(kVersion);
    return false;
  }
  const uint32_t rootCount = number32(section, 8), packed = number32(section, 12), size = number32(section, 16);
  if (rootCount > kMostRoots || size > kMostText || section.size() - kHeader < rootCount * uint64_t{8} ||
      section.size() - kHeader - rootCount * uint64_t{8} < packed)
    return false;
  std::string text(size, '\0');
  uLongf got = size;
  if (uncompress(reinterpret_cast<Bytef*>(text.data()), &got,
                 reinterpret_cast<const Bytef*>(section.data() + kHeader + rootCount * 8), packed) != Z_OK ||
      got != size)
    return false;
  const Json j = Json::parse(text, nullptr, false);
  if (!j.is_object() || !j.contains("structs") || !j["structs"].is_object() || !j.contains("roots") || !j["roots"].is_array())
    return false;

  types_.assign(1, {});
  typeIds_["void"] = 0;
  if (j.contains("enums") && j["enums"].is_object()) {
    for (const auto& [name, e] : j["enums"].items()) {
      Enumeration& out = enums_[name];
      if (!e.is_object()) return false;
      if (e.contains("size")) out.size = numberOf(e["size"]);
      if (!e.contains("values") || !e["values"].is_object()) return false;
      for (const auto& [word, value] : e["values"].items()) out.names.emplace(numberOf(value), word);
    }
  }
  for (const auto& [name, s] : j["structs"].items()) {
    if (!s.is_object()) return false;
    structIds_[name] = uint32_t(structs_.size());
    structs_.push_back({name, s.contains("size") ? numberOf(s["size"]) : 0, {}});
  }
  for (const auto& [name, s] : j["structs"].items()) {
    LayoutStruct& out = structs_[structIds_[name]];
    if (!s.contains("fields")) continue;
    if (!s["fields"].is_array()) return false;
    for (const Json& f : s["fields"]) {
      if (!f.is_array() || f.size() != 3) return false;
      out.fields.push_back({textOf(f[0]), numberOf(f[1]), parseType(textOf(f[2]))});
    }
  }
  uint32_t i = 0;
  for (const Json& r : j["roots"]) {
    if (!r.is_array() || r.size() != 2 || i >= rootCount) return false;
    LayoutRoot root{textOf(r[0]), parseType(textOf(r[1])), 0};
    std::memcpy(&root.address, section.data() + kHeader + 8 * i++, 8);
    if (root.address != 0) root.address += bias;
    roots_.push_back(std::move(root));
  }
  if (j.contains("constants") && j["constants"].is_object())
    for (const auto& [name, value] : j["constants"].items()) constants_[name] = numberOf(value);
  error->clear();
  return true;
}

uint32_t Layout::parseType(std::string_view text) {
  if (auto known = typeIds_.find(text); known != typeIds_.end()) return known->second;
  if (text.size() > kMostTypeText) return 0;
  LayoutType t;
  auto scalar = [&](LayoutType::Kind kind, std::string_view bits) {
    unsigned n = 0;
    std::from_chars(bits.data(), bits.data() + bits.size(), n);
    t.kind = kind;
    t.size = n / 8;
  };
  const bool isNumber = text.size() >= 2 && text[1] >= '0' && text[1] <= '9';
  if (text.starts_with('*')) {
    t.kind = LayoutType::Pointer;
    t.size = 8;
    // A structure may lead back to itself; its number is taken before what it points to is looked at.
    const uint32_t id = uint32_t(types_.size());
    types_.push_back(t);
    typeIds_.emplace(text, id);
    const uint32_t element = parseType(text.substr(1));
    types_[id].element = element;
    return id;
  }
  if (text.starts_with('[')) {
    const size_t end = text.find(']');
    if (end != std::string_view::npos) {
      std::from_chars(text.data() + 1, text.data() + end, t.count);
      t.kind = LayoutType::Array;
      t.element = parseType(text.substr(end + 1));
      const uint64_t size = types_[t.element].size;
      if (size != 0 && t.count > (uint64_t{1} << 40) / size) t.count = 0;
      t.size = t.count * size;
    }
  } else if (text == "fn") {
    t.kind = LayoutType::Function;
    t.size = 8;
  } else if (text == "bool") {
    t.kind = LayoutType::Bool;
    t.size = 1;
  } else if (text == "char") {
    t.kind = LayoutType::Char;
    t.size = 1;
  } else if (isNumber && text[0] == 'u') {
    scalar(LayoutType::Unsigned, text.substr(1));
  } else if (isNumber && text[0] == 'i') {
    scalar(LayoutType::Signed, text.substr(1));
  } else if (isNumber && text[0] == 'f') {
    scalar(LayoutType::Float, text.substr(1));
  } else if (auto s = structIds_.find(text); s != structIds_.end()) {
    t.kind = LayoutType::Struct;
    t.structure = s->second;
    t.size = structs_[s->second].size;
  } else if (auto e = enums_.find(text); e != enums_.end()) {
    t.kind = LayoutType::Unsigned;
    t.size = e->second.size;
  }
  const uint32_t id = uint32_t(types_.size());
  types_.push_back(t);
  typeIds_.emplace(text, id);
  return id;
}

const LayoutStruct* Layout::structure(std::string_view name) const {
  auto s = structIds_.find(name);
  return s == structIds_.end() ? nullptr : &structs_[s->second];
}
const LayoutStruct* Layout::structure(uint32_t typeId) const {
  const LayoutType& t = type(typeId);
  return t.kind == LayoutType::Struct ? &structs_[t.structure] : nullptr;
}
const LayoutRoot* Layout::root(std::string_view name) const {
  for (const LayoutRoot& r : roots_)
    if (r.name == name) return r.address ? &r : nullptr;
  return nullptr;
}
uint64_t Layout::constant(std::string_view name, uint64_t fallback) const {
  auto c = constants_.find(name);
  return c == constants_.end() ? fallback : c->second;
}
std::string Layout::enumerator(std::string_view enumeration, uint64_t value) const {
  auto e = enums_.find(enumeration);
  if (e == enums_.end()) return {};
  auto n = e->second.names.find(value);
  return n == e->second.names.end() ? std::string() : n->second;
}
std::string Layout::typeName(uint32_t id) const {
  for (const auto& [text, known] : typeIds_)
    if (known == id) return text;
  return "?";
}

FieldPath Layout::path(uint32_t typeId, std::string_view path) const {
  FieldPath out{true, 0, typeId};
  for (int depth = 0; !path.empty(); depth++) {
    if (depth > kMostNesting) return {};
    const size_t dot = path.find('.');
    const std::string_view word = path.substr(0, dot);
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    const LayoutType& t = type(out.type);
    if (t.kind == LayoutType::Array) {
      uint64_t i = 0;
      std::from_chars(word.data(), word.data() + word.size(), i);
      if (i >= t.count) return {};
      out.offset += i * type(t.element).size;
      out.type = t.element;
      continue;
    }
    const LayoutStruct* s = structure(out.type);
    if (!s) return {};
    const LayoutField* field = nullptr;
    for (const LayoutField& f : s->fields)
      if (f.name == word) field = &f;
    if (!field) return {};
    out.offset += field->offset;
    out.type = field->type;
  }
  return out;
}

}  // namespace burrow::inspect
