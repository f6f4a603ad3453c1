// What is looked at: an executable, and perhaps a process, a core or a snapshot of it.
//
// open() takes what the user names: a number is a process, a file is what its ELF header says. A target always has its program, since the
// description of the runtime, the function table and the types are read from there (never from the process: what is mapped
// read-only is the same, and the description is not mapped at all). A position-independent executable lies elsewhere in each process; its
// Program is then moved there as a whole when it is opened, so that nobody who asks it for addresses needs to know. Only DWARF, which is read
// from the file's bytes, has addresses as linked.
//
// A process is not stopped for being looked at. Where registers are needed (what the running goroutines do) captureThreads stops the
// threads that run some for as long as it takes to copy them and the stacks in use, and lets them go before anything is made of the
// copies: what is held up does not grow with the heap, nor with the number of goroutines.
#pragma once

#include "inspect/code.h"
#include "inspect/go_types.h"
#include "inspect/layout.h"
#include "inspect/memory.h"
#include "link/elf_image.h"

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace burrow::inspect {

struct Symbol {
  uint64_t address = 0, size = 0;
  std::string_view name;
  bool isFunction = false;
};

class Program {
 public:
  // `entry` is where the executable's first instruction lies in the target; 0: where it was linked.
  static std::unique_ptr<Program> open(const std::string& path, uint64_t entry, std::string* error);
  static std::unique_ptr<Program> fromBytes(std::string bytes, const std::string& path, uint64_t entry, std::string* error);

  const std::string& path() const { return path_; }
  const std::string& buildId() const { return buildId_; }  // hexadecimal
  const Layout& layout() const { return layout_; }
  bool hasLayout() const { return hasLayout_; }
  const CodeTable& code() const { return code_; }
  const link::ElfImage& image() const { return image_; }
  std::string_view bytes() const { return bytes_; }
  std::string_view section(std::string_view name) const;
  uint64_t sectionAddress(std::string_view name) const;
  // The loaded section that covers an address, or null.
  const Elf64_Shdr* sectionAt(uint64_t address) const;
  // How far it lies from where it was linked: what an address in DWARF lacks.
  uint64_t bias() const { return bias_; }
  // Where its variables are: first address, bytes.
  std::vector<std::pair<uint64_t, uint64_t>> writable() const;
  // By address; empty when the program is stripped.
  const std::vector<Symbol>& symbols() const { return symbols_; }
  const Symbol* symbolAt(uint64_t address) const;  // the one that covers it
  const Symbol* symbolNamed(std::string_view name) const;
  // "runtime.newobject", "type:main.T", "main.x+0x8", or empty.
  std::string describe(uint64_t address) const;
  // The memory as the file has it.
  Memory& memory() const { return *memory_; }
  GoTypes& types() const { return *types_; }
  bool inTypes(uint64_t address) const { return address >= typesStart_ && address < typesEnd_; }
  // All descriptors of the program, by address.
  std::vector<uint64_t> allTypes() const;

 private:
  std::string path_, bytes_, buildId_;
  link::ElfImage image_;
  Layout layout_;
  bool hasLayout_ = false;
  CodeTable code_;
  std::vector<Symbol> symbols_;
  std::unique_ptr<PieceMemory> memory_;
  std::unique_ptr<GoTypes> types_;
  uint64_t typesStart_ = 0, typesEnd_ = 0, bias_ = 0;
};

struct ThreadState {
  int64_t tid = 0;
  uint64_t pc = 0, sp = 0, fp = 0, fsBase = 0;
  std::array<uint64_t, 27> all{};  // as the kernel orders them (user_regs_struct, elf_gregset_t)
};

struct Mapping {
  uint64_t start = 0, end = 0;
  std::string permissions, name;
  uint64_t offset = 0;
};

class Target {
 public:
  enum Kind { Executable, Process, Core, Snapshot };

  // On failure null, with *error set: one line, without a final newline. `exe` overrules where the program is looked for.
  static std::unique_ptr<Target> open(const std::string& what, const std::string& exe, std::string* error);
  ~Target();

  Kind kind = Executable;
  int pid = 0;
  int64_t now = 0;            // monotonic nanoseconds of the target, when known
  std::string title;          // "process 12 (./server)"
  std::unique_ptr<Program> program;
  std::vector<Mapping> mappings;
  std::vector<ThreadState> threads;
  int64_t stoppedNs = 0;      // for how long a process was held up for captureThreads, the longest time of several
  bool stopAsked = false;     // captureThreads was asked for, even if nothing had to be stopped
  size_t lateThreads = 0;     // those that did not stop in time

  Memory& memory() const { return *memory_; }
  CachedMemory& cache() const { return *cache_; }
  const Layout& layout() const { return program->layout(); }
  const CodeTable& code() const { return program->code(); }
  bool isRunning() const { return kind != Executable; }
  GoTypes& types();
  // A process that is still there; others always are.
  bool alive() const;

  // Stops some of a process's threads, copies their registers and what `copy` asks of the memory, and lets them go. CopyRange gives the
  // bytes, until the next is copied, or null.
  static constexpr int64_t kLongestStopNs = 4000000;  // then those that have not stopped are left out
  using CopyRange = std::function<const std::string*(uint64_t at, size_t size)>;
  bool captureThreads(const std::vector<int64_t>& tids, const std::function<void(const std::vector<ThreadState>&, const CopyRange&)>& copy, std::string* error);

  // Of a process: what was copied or read so far is not of this moment any more.
  void forget() {
    memory_own_->clear();
    cache_->forget();
  }

  // ---- values
  uint64_t rootAddress(std::string_view name) const;
  // A scalar inside a root variable: root("sched", "nmidle"). 0 when it is not there.
  uint64_t value(std::string_view root, std::string_view path = {}) const;
  bool hasValue(std::string_view root, std::string_view path = {}) const;

 private:
  friend class CoreReader;
  bool openProcess(int pid, const std::string& exe, std::string* error);
  bool openCore(const std::string& path, int fd, const std::string& exe, std::string* error);
  void useMemory(std::unique_ptr<Memory> base);
  std::unique_ptr<Memory> base_;         // process or core
  std::unique_ptr<PieceMemory> memory_own_;  // copies over base_
  Memory* memory_ = nullptr;
  std::unique_ptr<CachedMemory> cache_;
  std::unique_ptr<GoTypes> types_;
  std::vector<int> fds_;
};

// A structure copied out of a target, field by field by name.
class Record {
 public:
  Record(const Layout& layout, std::string_view structure) : layout_(layout) {
    for (const LayoutStruct& s : layout.structures())
      if (s.name == structure) structure_ = &s;
    if (structure_) bytes_.resize(structure_->size);
  }
  bool known() const { return structure_ != nullptr; }
  uint64_t size() const { return bytes_.size(); }
  bool load(Memory& memory, uint64_t at) {
    address_ = at;
    return known() && memory.read(at, bytes_.data(), bytes_.size());
  }
  void set(uint64_t at, const char* bytes) {
    address_ = at;
    bytes_.assign(bytes, bytes_.size());
  }
  uint64_t address() const { return address_; }
  // The path must be a literal: it is remembered by its address.
  bool has(const char* path) { return field(path).found; }
  uint64_t u(const char* path);
  int64_t i(const char* path);
  double f(const char* path);
  // Where the field is in the target.
  uint64_t at(const char* path) { return address_ + field(path).offset; }

 private:
  const FieldPath& field(const char* path);
  const Layout& layout_;
  const LayoutStruct* structure_ = nullptr;
  std::string bytes_;
  uint64_t address_ = 0;
  std::vector<std::pair<const char*, FieldPath>> fields_;
};

std::string systemError(int number);
// What the kernel told the program when it started it, and where it begins by that; 0: that is not said.
std::string readAuxv(int pid);
uint64_t auxiliaryEntry(std::string_view auxv);
std::vector<Mapping> readMappings(int pid);

}  // namespace burrow::inspect
