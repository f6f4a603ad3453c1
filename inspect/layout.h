// The runtime's structures as the program describes them (docs/snapshot.md): where fields are, how large, and what the
// numbers in them mean.
//
// Names are looked up by text, as paths ("sched.sp", "stackcache.2.count"). What a description lacks reads as absent, and the views
// leave it out: a program that was built with an older or newer runtime is shown as far as it goes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace burrow::inspect {

// A type: a scalar, a pointer, an array or a structure. Enumerations are scalars.
struct LayoutType {
  enum Kind : uint8_t { Void, Unsigned, Signed, Float, Bool, Char, Pointer, Function, Array, Struct } kind = Void;
  uint64_t size = 0;
  uint32_t element = 0;    // Pointer: to what; Array: of what
  uint64_t count = 0;      // Array
  uint32_t structure = 0;  // Struct: index
};

struct LayoutField {
  std::string name;
  uint64_t offset = 0;
  uint32_t type = 0;
};

struct LayoutStruct {
  std::string name;
  uint64_t size = 0;
  std::vector<LayoutField> fields;
};

struct LayoutRoot {
  std::string name;
  uint32_t type = 0;
  uint64_t address = 0;  // 0: the program has no such variable
};

// A place inside a structure.
struct FieldPath {
  bool found = false;
  uint64_t offset = 0;
  uint32_t type = 0;
};

class Layout {
 public:
  // From the section's content, of a program that lies `bias` from where it was linked. On failure false, with *error set.
  bool parse(std::string_view section, uint64_t bias, std::string* error);

  const LayoutType& type(uint32_t id) const { return types_[id < types_.size() ? id : 0]; }
  const LayoutStruct* structure(std::string_view name) const;
  const LayoutStruct* structure(uint32_t typeId) const;
  const LayoutRoot* root(std::string_view name) const;
  const std::vector<LayoutRoot>& roots() const { return roots_; }
  const std::vector<LayoutStruct>& structures() const { return structs_; }
  // A constant; `fallback` when the description has none of that name.
  uint64_t constant(std::string_view name, uint64_t fallback = 0) const;
  // "GStatus", 4 -> "Gwaiting"; empty when it has no name.
  std::string enumerator(std::string_view enumeration, uint64_t value) const;
  std::string typeName(uint32_t id) const;

  // `path` from a value of that type; numbers index arrays. Not through pointers.
  FieldPath path(uint32_t type, std::string_view path) const;

 private:
  uint32_t parseType(std::string_view text);

  std::vector<LayoutType> types_;
  std::map<std::string, uint32_t, std::less<>> typeIds_;
  std::vector<LayoutStruct> structs_;
  std::map<std::string, uint32_t, std::less<>> structIds_;
  std::vector<LayoutRoot> roots_;
  std::map<std::string, uint64_t, std::less<>> constants_;
  struct Enumeration {
    uint64_t size = 4;
    std::map<uint64_t, std::string> names;
  };
  std::map<std::string, Enumeration, std::less<>> enums_;
};

}  // namespace burrow::inspect
