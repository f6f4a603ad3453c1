// What of a program can be reached, more exactly than sections refer to each other: methods nobody calls are taken out.
//
// lld's --gc-sections keeps what a kept section refers to, and a type's descriptor refers to all methods of the type. So whatever
// is converted to an interface would keep all of its methods and what those call: of hello's code two thirds. This walk goes over
// the objects before lld does and knows what descriptors, itabs and calls through interfaces mean:
//
//   a method of T stays    if an interface value of T can exist, and reachable code calls a method of that name and type through
//                          an interface, or an interface with it can come into being at run time, or T's exported methods
//                          can be called through reflect
//   a slot of an itab      if reachable code calls that method through an interface
//
// An interface value of T can exist when a reachable function or reachable data refer to T's descriptor for more than allocating
// and comparing (codegen/method_facts.h), or an itab of T is reachable, or T is part of such a type (reflect leads from one to the
// other). The methods of an interface type that is used so count as called: an assertion may ask for them. reflect's Method and
// MethodByName may call any exported method. These are the rules of gc's linker (cmd/link, deadcode), and with them what programs
// can observe: a dropped method has no type and no code in its descriptor.
//
// The result is a set of relocations that lld must not see; objects are handed to it without them.
//
// Invariants: what is reachable here is at least what lld keeps once the relocations are gone. Objects are given in the order in
// which lld gets them, so that of several definitions both take the same one.
//
// Rejected: leaving the decision to lld by weak references to a second symbol per method (a symbol for each method of each type,
// and itabs need a third); a walk over Burrow IR (what LLVM makes of it refers to more, and to less).
#pragma once

#include "link/elf_image.h"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace burrow::link {

class Reach {
 public:
  Reach() = default;
  Reach(const Reach&) = delete;
  Reach& operator=(const Reach&) = delete;
  ~Reach();

  // An object or an archive. False, with *error set, if it can't be read.
  bool addFile(const std::string& path, std::string* error);
  // Has the walk say what it comes to and from where, a line each: "main.main -> fmt.Println", as gc's linker does with -dumpdep.
  void dumpTo(std::string* lines) { dump_ = lines; }
  // Walks from these symbols and what the linker keeps in any case. May be called again when there are more files.
  void run(const std::vector<std::string>& roots);
  // Symbols that are reached and defined in none of the files, those of the linker script among them, each with the number of a file
  // that refers to it.
  std::vector<std::pair<uint32_t, std::string_view>> undefined() const;

  // Takes the relocations out. Returns the paths for the linker, in the order of addFile: the files' own, or of files in memory that
  // live as long as this; when there are very many, the rest is written to `folder`. An empty list, with *error set, if that fails.
  std::vector<std::string> withoutDropped(const std::string& folder, std::string* error);

  struct Counts {
    size_t methods = 0, droppedMethods = 0, slots = 0, droppedSlots = 0;
  };
  const Counts& counts() const { return counts_; }

 private:
  struct Place {  // of a definition
    uint32_t object = 0, section = 0;  // section 0: nowhere
    bool operator==(const Place&) const = default;
  };
  enum Kind : uint8_t { Other, Code, Descriptor, Itab };
  enum State : uint8_t { Reached = 1, InInterface = 2 };
  struct File {
    std::string path;
    char* bytes = nullptr;  // a private mapping
    size_t size = 0;
    bool changed = false;
    int memory = -1;  // descriptor of the memory file
  };
  struct Object {
    uint32_t file = 0;
    char* base = nullptr;
    ElfImage image;
    // By section.
    std::vector<Kind> kinds;
    std::vector<uint8_t> states;
    std::vector<uint32_t> symbols;      // the symbol that names it, or 0
    std::vector<uint32_t> relocations;  // the section of its relocations, or 0
    std::unordered_map<uint32_t, std::vector<uint32_t>> dependents;  // sections that stay exactly when it does
    std::unordered_map<std::string_view, std::string_view> facts;    // of functions
  };
  struct Definition {
    Place place;
    bool weak = false;
    bool inArchive = false;  // the linker takes it only when no object has one
  };
  // Relocations, by number in the section's list.
  struct Method {
    uint32_t key;
    bool exported;
    uint32_t type, ifn, tfn;
  };
  struct Slot {
    uint32_t key;
    uint32_t code;
  };
  struct Table {  // a descriptor with methods, or an itab
    Place place;
    std::vector<Method> methods;
    std::vector<Slot> slots;
    size_t at;  // of the methods, in the descriptor
  };
  struct Key {
    bool used = false;
    std::vector<std::pair<uint32_t, uint32_t>> waiting;  // table, number of the method or slot
  };

  bool addObject(uint32_t file, char* bytes, size_t size, bool inArchive, std::string* error);
  std::span<const Elf64_Rela> relocationsOf(const Object& o, uint32_t section) const;
  std::string_view symbolName(const Object& o, const Elf64_Rela& r) const;
  Place resolve(uint32_t object, uint32_t symbol);
  void mark(Place place, uint8_t state);
  std::string_view nameOf(Place place) const;
  void follow(uint32_t object, const Elf64_Rela& r, uint8_t state);
  void visit(Place place);
  void visitCode(Place place);
  void visitDescriptor(Place place);
  void visitItab(Place place);
  void visitOther(Place place);
  void noteReflect(std::string_view from, std::string_view to);
  uint32_t key(std::string_view name, std::string_view typeSymbol);
  void use(uint32_t key);
  void keepMethod(const Table& table, const Method& method);
  bool keeps(const Table& table, const Method& method) const;
  void useReflect();
  const std::vector<uint32_t>& methodsOfInterface(Place descriptor);
  void drop(Object& o, uint32_t section, uint32_t relocation, uint32_t size, uint64_t value);

  std::deque<File> files_;
  std::deque<Object> objects_;
  std::unordered_map<std::string_view, Definition> definitions_;
  std::vector<Place> work_;
  std::vector<std::pair<uint32_t, uint32_t>> missing_;  // object, symbol: reached but not defined
  std::unordered_set<std::string_view> missingNames_;
  std::unordered_map<std::string, uint32_t> keyNumbers_;
  std::vector<Key> keys_;
  std::deque<Table> tables_;
  std::unordered_map<uint64_t, uint32_t> tableOf_;                   // by place
  std::unordered_map<uint64_t, std::vector<uint32_t>> interfaces_;  // keys of an interface's methods
  size_t rooted_ = 0;  // objects whose own roots are marked
  bool reflectSeen_ = false;
  Place visiting_;
  std::string* dump_ = nullptr;
  Counts counts_;
};

}  // namespace burrow::link
