// The objects of a heap as a graph: what they are, who points to whom, what keeps one alive, what would be freed with it.
//
// An object is a number, spans in order of address and slots in order. Edges are found where the collector would look: by the
// span's pointer bits, by the type's mask, else at every word. Roots are the words of the executable's writable segments and
// of the goroutines' stacks, what goroutines have deferred, and timers.
//
// Types. Only objects above 512 bytes carry theirs. The others are named by those that point to them: a field of type *T leads to a
// T, a slice of T to Ts, an interface says itself what it holds, and so on from what is known: typed objects, interfaces
// anywhere, and variables, whose types debug information has. What nobody who is known points to stays unknown.
//
// Dominators: an object is retained by the last one that all ways from the roots to it pass. Computed over the order of a depth-first
// walk (Cooper, Harvey, Kennedy), which for graphs of heaps settles in a few rounds and needs three numbers per object.
#pragma once

#include "inspect/heap.h"
#include "inspect/goroutines.h"
#include "inspect/text.h"

#include <unordered_map>

namespace burrow::inspect {

class ObjectGraph {
 public:
  static constexpr uint32_t kNone = ~uint32_t{0};

  bool build(Target& target, std::string* error);

  uint32_t count() const { return uint32_t(address_.size()); }
  uint64_t address(uint32_t object) const { return address_[object]; }
  uint64_t size(uint32_t object) const;
  // The object that holds the address; kNone.
  uint32_t find(uint64_t address) const;
  std::string typeName(uint32_t object);
  bool reachable(uint32_t object) const { return parent_[object] != kNone; }
  const Heap& heap() const { return heap_; }

  // Marks what can be reached from a goroutine's stack, or from the variables (-1), beyond what is marked already.
  void markFrom(int64_t goroutine, std::vector<bool>& seen) const;
  // On whose stacks the addresses of these objects stand, each pair once; goroutine -1: in a variable.
  std::vector<std::pair<uint32_t, int64_t>> holders(const std::vector<uint32_t>& objects) const;
  const std::vector<Goroutine>& goroutines() const { return goroutines_; }

  void computeDominators();
  uint64_t retained(uint32_t object) const { return retained_[object]; }

  struct Step {
    uint32_t object = kNone;   // kNone: the root
    std::string text;          // of the root: the variable, the goroutine and its frame
    uint64_t offset = 0;       // where in it the next one's address is
  };
  // The shortest way from a root, the root first; empty when nothing keeps it.
  std::vector<Step> path(uint32_t object);

  struct ByType {
    std::string name;
    uint64_t objects = 0, bytes = 0, retained = 0, garbage = 0;
  };
  std::vector<ByType> byType();

 private:
  struct Root {
    uint64_t place;      // address of the word
    int64_t goroutine;   // -1: a variable
    uint32_t object;
    const char* what = nullptr;  // what it is when it is neither a variable nor on a stack
  };
  template <class F>
  void forEachPointer(uint32_t object, const std::vector<uint64_t>& words, F f);
  bool loadWords(uint32_t object, std::vector<uint64_t>* words);
  void addRoots();
  // What the collector finds beside variables and stacks.
  void addTimers();
  void addOwnFields(const Goroutine& goroutine, Record& g);
  void addRoot(uint64_t place, int64_t goroutine, uint64_t address, const char* what = nullptr);
  const std::vector<bool>* maskOf(uint64_t type);
  bool addMask(uint64_t type, uint64_t offset, std::vector<bool>* mask, int depth);
  void readVariables();
  void nameTypes();
  void mark(uint32_t object, uint64_t type, bool isBytes = false);
  void followValue(uint64_t type, const uint64_t* words, size_t count, int depth);
  void walk();

  Target* target_ = nullptr;
  Heap heap_;
  std::vector<uint64_t> address_;   // of the data, behind a header
  std::vector<uint32_t> spanOf_;    // index into heap_.spans
  std::vector<uint32_t> firstOf_;   // per span: its first object
  std::vector<uint64_t> type_;      // descriptor; 0 unknown; kBytes
  std::vector<uint32_t> edgeStart_, edges_;
  std::vector<uint32_t> parent_;    // of the breadth-first walk; kRoot: a root
  std::vector<uint32_t> parentRoot_;
  std::vector<Root> roots_;         // a goroutine's one after the other, the variables' first
  std::unordered_map<int64_t, uint32_t> firstRoot_;  // by goroutine
  std::vector<uint64_t> retained_;
  std::vector<uint32_t> dominator_;
  std::vector<uint32_t> named_;     // typed, fields not followed yet
  std::vector<Goroutine> goroutines_;
  std::unordered_map<uint64_t, std::vector<bool>> masks_;  // by type; empty: not known
  std::vector<std::pair<uint64_t, uint64_t>> variables_;  // address, descriptor
  std::vector<std::pair<uint64_t, std::string>> variableNames_;
};

void objectsPage(Target& target, ObjectGraph& graph, bool retained, Page& page);
bool keepPage(Target& target, ObjectGraph& graph, uint64_t address, Page& page);
std::string objectsJson(Target& target, ObjectGraph& graph, bool retained);
// What grew between two snapshots of one program.
struct LeakSide {
  std::string title;
  std::string held;       // whether a process was held up for it (heldText), else empty
  int64_t stoppedNs = 0;
  std::vector<ObjectGraph::ByType> types;
};
void leakPage(const LeakSide& before, const LeakSide& after, Page& page);
std::string leakJson(const LeakSide& before, const LeakSide& after);

}  // namespace burrow::inspect
