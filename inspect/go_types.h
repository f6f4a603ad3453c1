// Go's type descriptors in another's memory: names, kinds, sizes, elements, fields.
//
// The layout is runtime/abi/type.h's. Nothing that is read is trusted: a word that should be a type is one only when all that it
// says holds together (plausible), which is also how a type is recognised where nobody says that there is one.
#pragma once

#include "inspect/memory.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace burrow::inspect {

struct GoField {
  std::string name;
  uint64_t type = 0, offset = 0;
};

struct GoType {
  uint64_t address = 0, size = 0, ptrBytes = 0;
  uint32_t hash = 0;
  uint8_t kind = 0, tflag = 0, align = 0;
  std::string name;       // with the package's name: "main.T"
  std::string package;    // path, of named types
  uint64_t elem = 0, key = 0, length = 0;  // pointer, slice, array, chan, map
  uint32_t methods = 0;
  uint64_t descriptorBytes = 0;  // of the record itself, without what it points to
  std::vector<GoField> fields;   // of a struct
};

const char* kindName(uint8_t kind);

class GoTypes {
 public:
  // Types lie in [start, end); 0, 0: nobody knows where. 32-bit offsets in them count from `base`.
  GoTypes(Memory& memory, uint64_t start, uint64_t end, uint64_t base) : memory_(memory), start_(start), end_(end), base_(base) {}
  // Null when there is no type at that address.
  const GoType* at(uint64_t address);
  std::string name(uint64_t address);

 private:
  std::optional<GoType> read(uint64_t address);
  void nameMapGroup(GoType* t);
  bool readName(uint64_t at, std::string* out);
  Memory& memory_;
  uint64_t start_, end_, base_;
  std::map<uint64_t, std::optional<GoType>> known_;
};

}  // namespace burrow::inspect
