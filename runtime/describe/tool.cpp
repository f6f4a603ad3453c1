// burrow_describe DESCRIBE.o GDB.py OUT.S: from the debug information of describe.cpp to the section .burrow.layout.
//
// The section (docs/snapshot.md): a header, the addresses of the root variables, then JSON text, deflated. The addresses
// stand outside of the text because the linker fills them in; they are in the order of the text's "roots". Nothing of it is
// loaded when the program runs: it costs a few kilobytes of file and no memory.
//
// Beside it goes the script for gdb, into .debug_gdb_scripts, where gdb looks for scripts; it is debug information, and
// is stripped with it.
//
// A description is wrong in silence when something in it is not understood, so the tool fails on what it does not know.
//
// Rejected: a binary encoding of the types, which deflates to about as much and which a debugger's script could not read in
// two lines.
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <gelf.h>
#include <nlohmann/json.hpp>
#include <zlib.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

using Json = nlohmann::ordered_json;

namespace {

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "burrow_describe: %s\n", what.c_str());
  std::exit(1);
}

std::string nameOf(Dwarf_Die* die) {
  const char* name = dwarf_diename(die);
  return name ? name : "";
}
bool attributeDie(Dwarf_Die* die, unsigned name, Dwarf_Die* out) {
  Dwarf_Attribute a;
  return dwarf_attr_integrate(die, name, &a) && dwarf_formref_die(&a, out);
}
uint64_t number(Dwarf_Die* die, unsigned name, uint64_t fallback = 0) {
  Dwarf_Attribute a;
  Dwarf_Word v;
  return dwarf_attr_integrate(die, name, &a) && dwarf_formudata(&a, &v) == 0 ? v : fallback;
}

class Describer {
 public:
  Json structs = Json::object(), enums = Json::object();

  // The type's text; what it names is described too, now or later.
  std::string typeText(Dwarf_Die type) {
    for (;;) {
      const int tag = dwarf_tag(&type);
      if (tag != DW_TAG_typedef && tag != DW_TAG_const_type && tag != DW_TAG_volatile_type && tag != DW_TAG_atomic_type) break;
      Dwarf_Die next;
      if (!attributeDie(&type, DW_AT_type, &next)) return "void";
      type = next;
    }
    switch (dwarf_tag(&type)) {
      case DW_TAG_base_type: return baseText(&type);
      case DW_TAG_pointer_type:
      case DW_TAG_reference_type: {
        Dwarf_Die to;
        if (!attributeDie(&type, DW_AT_type, &to)) return "*void";
        Dwarf_Die bare = to;
        while (dwarf_tag(&bare) == DW_TAG_const_type) {
          Dwarf_Die next;
          if (!attributeDie(&bare, DW_AT_type, &next)) return "*void";
          bare = next;
        }
        if (dwarf_tag(&bare) == DW_TAG_subroutine_type) return "fn";
        return "*" + typeText(to);
      }
      case DW_TAG_array_type: return arrayText(&type);
      case DW_TAG_enumeration_type: return enumText(type);
      case DW_TAG_structure_type:
      case DW_TAG_class_type:
      case DW_TAG_union_type: return structText(type);
      case DW_TAG_unspecified_type: return "void";
      default: fail("a type with tag " + std::to_string(dwarf_tag(&type)));
    }
  }

 private:
  std::string baseText(Dwarf_Die* type) {
    const uint64_t bits = number(type, DW_AT_byte_size) * 8;
    switch (number(type, DW_AT_encoding)) {
      case DW_ATE_boolean: return "bool";
      case DW_ATE_float: return "f" + std::to_string(bits);
      case DW_ATE_signed: return "i" + std::to_string(bits);
      case DW_ATE_unsigned: return "u" + std::to_string(bits);
      case DW_ATE_signed_char:
      case DW_ATE_unsigned_char: return nameOf(type) == "char" ? "char" : "u8";
      default: fail("base type " + nameOf(type));
    }
  }

  std::string arrayText(Dwarf_Die* type) {
    Dwarf_Die element, child;
    if (!attributeDie(type, DW_AT_type, &element)) fail("an array of nothing");
    std::string text;
    if (dwarf_child(type, &child) == 0) {
      do {
        if (dwarf_tag(&child) != DW_TAG_subrange_type) continue;
        text += "[" + std::to_string(number(&child, DW_AT_count, number(&child, DW_AT_upper_bound, ~uint64_t{0}) + 1)) + "]";
      } while (dwarf_siblingof(&child, &child) == 0);
    }
    return text + typeText(element);
  }

  std::string enumText(Dwarf_Die type) {
    // The names of all locks are no use to a reader, and 4% of the section.
    if (nameOf(&type) == "LockRank") return "u" + std::to_string(8 * number(&type, DW_AT_byte_size));
    std::string name = unique(type, nameOf(&type));
    if (enums.contains(name)) return name;
    Json values = Json::object();
    Dwarf_Die child;
    if (dwarf_child(&type, &child) == 0) {
      do {
        if (dwarf_tag(&child) == DW_TAG_enumerator) values[nameOf(&child)] = number(&child, DW_AT_const_value);
      } while (dwarf_siblingof(&child, &child) == 0);
    }
    enums[name] = {{"size", number(&type, DW_AT_byte_size)}, {"values", values}};
    return name;
  }

  std::string structText(Dwarf_Die type) {
    std::string name = nameOf(&type);
    if (dwarf_hasattr_integrate(&type, DW_AT_declaration)) return complete(name);
    // An Atomic<T> is a T.
    if (name.starts_with("Atomic<")) {
      Dwarf_Die child;
      if (dwarf_child(&type, &child) == 0) {
        do {
          Dwarf_Die of;
          if (dwarf_tag(&child) == DW_TAG_member && attributeDie(&child, DW_AT_type, &of)) return typeText(of);
        } while (dwarf_siblingof(&child, &child) == 0);
      }
    }
    name = unique(type, name);
    if (structs.contains(name)) return name;
    structs[name] = Json::object();  // it may contain pointers to itself
    Json fields = Json::array();
    addFields(&type, 0, fields);
    structs[name] = {{"size", number(&type, DW_AT_byte_size)}, {"fields", fields}};
    return name;
  }

  void addFields(Dwarf_Die* type, uint64_t base, Json& fields) {
    Dwarf_Die child;
    if (dwarf_child(type, &child) != 0) return;
    do {
      const int tag = dwarf_tag(&child);
      if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) || dwarf_hasattr(&child, DW_AT_external)) continue;
      if (dwarf_hasattr(&child, DW_AT_declaration) || dwarf_hasattr(&child, DW_AT_const_value)) continue;
      Dwarf_Die of;
      if (!attributeDie(&child, DW_AT_type, &of)) fail("a field without a type in " + nameOf(type));
      const uint64_t at = base + number(&child, DW_AT_data_member_location);
      if (tag == DW_TAG_inheritance || nameOf(&child).empty()) {
        addFields(&of, at, fields);
      } else {
        const std::string name = nameOf(&child);
        if (name.starts_with("reserved") || name.starts_with("pad")) continue;
        fields.push_back({name, at, typeText(of)});
      }
    } while (dwarf_siblingof(&child, &child) == 0);
  }

  // A structure that is only declared where it is used; its definition, if describe.cpp includes it, has the same name.
  std::string complete(const std::string& name) { return name.empty() ? "void" : name; }

  // Two types of one name get different ones; nameless ones are called after their place.
  std::string unique(Dwarf_Die type, std::string name) {
    const Dwarf_Off offset = dwarf_dieoffset(&type);
    if (auto known = names_.find(offset); known != names_.end()) return known->second;
    if (name.empty()) name = "anonymous";
    std::string text = name;
    for (int i = 2; used_.contains(text); i++) text = name + "#" + std::to_string(i);
    used_.insert(text);
    names_[offset] = text;
    return text;
  }

  std::map<Dwarf_Off, std::string> names_;
  std::set<std::string> used_;
};

// What the eight bytes of a variable are relocated against.
class Relocations {
 public:
  explicit Relocations(Elf* elf) {
    size_t names;
    elf_getshdrstrndx(elf, &names);
    for (Elf_Scn* s = nullptr; (s = elf_nextscn(elf, s));) {
      GElf_Shdr h;
      gelf_getshdr(s, &h);
      if (h.sh_type == SHT_SYMTAB) readSymbols(elf, s, h);
    }
    for (Elf_Scn* s = nullptr; (s = elf_nextscn(elf, s));) {
      GElf_Shdr h;
      gelf_getshdr(s, &h);
      if (h.sh_type != SHT_RELA) continue;
      Elf_Data* data = elf_getdata(s, nullptr);
      for (size_t i = 0; i < h.sh_size / h.sh_entsize; i++) {
        GElf_Rela r;
        gelf_getrela(data, int(i), &r);
        const size_t symbol = GELF_R_SYM(r.r_info);
        if (GELF_R_TYPE(r.r_info) == R_X86_64_64 && symbol < list_.size()) targets_[{h.sh_info, r.r_offset}] = list_[symbol];
      }
    }
  }
  std::string targetOf(const std::string& variable) const {
    auto place = places_.find(variable);
    if (place == places_.end()) return {};
    auto target = targets_.find(place->second);
    return target == targets_.end() ? std::string() : target->second;
  }

 private:
  using Place = std::pair<size_t, uint64_t>;
  void readSymbols(Elf* elf, Elf_Scn* section, const GElf_Shdr& h) {
    Elf_Data* data = elf_getdata(section, nullptr);
    for (size_t i = 0; i < h.sh_size / h.sh_entsize; i++) {
      GElf_Sym s;
      gelf_getsym(data, int(i), &s);
      const char* name = elf_strptr(elf, h.sh_link, s.st_name);
      list_.push_back(name ? name : "");
      places_[list_.back()] = {s.st_shndx, s.st_value};
    }
  }
  std::vector<std::string> list_;
  std::map<std::string, Place> places_;
  std::map<Place, std::string> targets_;
};

std::string deflated(const std::string& text) {
  uLongf size = compressBound(text.size());
  std::string out(size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(text.data()), text.size(), 9) != Z_OK)
    fail("zlib");
  out.resize(size);
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) fail("usage: burrow_describe DESCRIBE.o GDB.py OUT.S");
  static const Dwfl_Callbacks callbacks = {dwfl_build_id_find_elf, dwfl_standard_find_debuginfo, dwfl_offline_section_address, nullptr};
  Dwfl* dwfl = dwfl_begin(&callbacks);
  Dwfl_Module* module = dwfl_report_offline(dwfl, "describe", argv[1], -1);
  if (!module) fail(std::string(argv[1]) + ": " + dwfl_errmsg(-1));
  dwfl_report_end(dwfl, nullptr, nullptr);
  Dwarf_Addr bias;
  Dwarf* dwarf = dwfl_module_getdwarf(module, &bias);
  if (!dwarf) fail(std::string(argv[1]) + ": " + dwfl_errmsg(-1));
  Relocations relocations(dwarf_getelf(dwarf));

  Describer describer;
  Json roots = Json::array(), constants;
  std::vector<std::string> symbols;
  Dwarf_Off offset = 0, next;
  size_t headerSize;
  for (; dwarf_nextcu(dwarf, offset, &next, &headerSize, nullptr, nullptr, nullptr) == 0; offset = next) {
    Dwarf_Die unit;
    if (!dwarf_offdie(dwarf, offset + headerSize, &unit)) fail("no unit");
    std::deque<Dwarf_Die> scopes{unit};
    while (!scopes.empty()) {
      Dwarf_Die scope = scopes.front(), child;
      scopes.pop_front();
      if (dwarf_child(&scope, &child) != 0) continue;
      do {
        const int tag = dwarf_tag(&child);
        const std::string name = nameOf(&child);
        if (tag == DW_TAG_namespace) scopes.push_back(child);
        if (tag != DW_TAG_variable || nameOf(&scope) != "described") continue;
        Dwarf_Die type;
        if (!attributeDie(&child, DW_AT_type, &type)) fail(name + " has no type");
        const std::string text = describer.typeText(type);
        if (!name.starts_with("root_")) continue;
        Dwarf_Attribute linkage;
        const char* symbol = dwarf_attr_integrate(&child, DW_AT_linkage_name, &linkage) ? dwarf_formstring(&linkage) : name.c_str();
        const std::string target = relocations.targetOf(symbol);
        if (target.empty() || text[0] != '*') fail(name + ": which variable is it?");
        roots.push_back({name.substr(5), text.substr(1)});
        symbols.push_back(target);
      } while (dwarf_siblingof(&child, &child) == 0);
    }
  }
  if (!describer.enums.contains("Constants") || symbols.empty()) fail("there is nothing to describe");
  constants = describer.enums["Constants"]["values"];
  describer.enums.erase("Constants");
  // Names that nothing defines stand for types that nobody needs to look into.
  Json all = {{"runtime", "burrow"}, {"pointerSize", 8},          {"roots", roots},
              {"constants", constants}, {"structs", describer.structs}, {"enums", describer.enums}};
  const std::string json = all.dump(), packed = deflated(json);

  FILE* out = std::fopen(argv[3], "w");
  if (!out) fail(std::string("cannot write ") + argv[3]);
  std::fprintf(out,
               "// Made by burrow_describe: what the runtime tells about itself (docs/snapshot.md).\n"
               "  .section .burrow.layout, \"\", @progbits\n"
               "  .globl \"runtime.layout\"\n  .hidden \"runtime.layout\"\n  .balign 8\n\"runtime.layout\":\n"
               "  .ascii \"BRWL\"\n  .short 1, 0\n  .long %zu, %zu, %zu, 0\n",
               symbols.size(), packed.size(), json.size());
  for (const std::string& s : symbols) std::fprintf(out, "  .quad \"%s\"\n", s.c_str());
  for (size_t i = 0; i < packed.size(); i++)
    std::fprintf(out, "%s%u", i % 32 == 0 ? "\n  .byte " : ",", static_cast<unsigned char>(packed[i]));
  // 4: a Python script in the section itself; its name, a line's end, the text. gdb runs all scripts in one namespace, the user's too,
  // so the text becomes a literal that is executed in a namespace of its own.
  std::fprintf(out,
               "\n  .balign 8\n  .section .debug_gdb_scripts, \"MS\", @progbits, 1\n  .byte 4\n  .ascii \"burrow_gdb.py\\n\"\n"
               "  .ascii \"exec(compile(r'''\"\n  .incbin \"%s\"\n"
               "  .ascii \"''', 'burrow_gdb.py', 'exec'), {'__name__': 'burrow_gdb'})\\n\"\n  .byte 0\n",
               argv[2]);
  std::fprintf(out, "  .section .note.GNU-stack, \"\", @progbits\n");
  if (std::fclose(out) != 0) fail(std::string("cannot write ") + argv[3]);
  if (std::getenv("BURROW_DESCRIBE_PRINT")) std::puts(all.dump(1).c_str());
  return 0;
}
