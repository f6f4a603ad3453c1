// The function table: from a code address to function, file, line, inlined calls, frame layout and fault handler.
//
// The problem: tracebacks, runtime.Callers, recover, the signal handler, later the collector, and the inspector all start
// with a program counter and must find out what stands there, quickly, without allocation and without DWARF (which may
// be stripped). One table in the executable answers all of them. docs/functab.md describes it in prose with an example.
//
// Two forms share every encoding:
//   the final table   section `.gopclntab`, symbol `runtime.pclntab`: Header, then sorted FuncRecords, buckets, files, data
//                     and strings. Read-only, position independent: the only address in it is relative to itself.
//   the sidecar       what is known about one object before it is linked: SidecarHeader and SidecarFuncs, which name
//                     functions by symbol and hold every other address relative to the function's start. The link step
//                     joins the sidecars of what it kept. Row data is copied unchanged: rows say by how much the
//                     file's number changes, so a unit's files only have to stay neighbours.
//
// This header needs nothing but the fixed-width integers: it serves the freestanding runtime, the compiler, and the
// inspector reading another process's memory. Everything is little endian and 4-byte aligned.
//
// Rejected: gc's own pclntab (one program per column, each decoded separately, so that one look-up of file and line
// walks two of them, and no room for CFA registers); a second link pass with the real table (the table is placed behind all other
// allocated sections instead, so that no address depends on its size; see compiler/link/); every property in the record
// itself (the largest part of a small program's table was zeros: most functions have no inlined calls, faults or maps).
#pragma once

#include <cstddef>
#include <cstdint>

namespace burrow::abi::functab {

inline constexpr uint32_t kMagic = 0x54464742;         // "BGFT"
inline constexpr uint32_t kSidecarMagic = 0x53464742;  // "BGFS"
inline constexpr uint16_t kVersion = 7;

inline constexpr const char* kSectionName = ".gopclntab";
inline constexpr const char* kSymbolName = "runtime.pclntab";
// Objects carry their sidecar in this section, which is not part of the program's memory. The link step gives each
// SidecarFunc's `address` a relocation when it puts the sidecar in.
inline constexpr const char* kSidecarSectionName = ".burrow.functab";

// --- Records ---------------------------------------------------------------------------------------------------

// Properties of a function, FuncRecord::flags and InlineNode::flags. At most twelve.
enum FuncFlag : uint16_t {
  kTopFrame = 1 << 0,    // the outermost frame of a stack: unwinding ends here
  kAsm = 1 << 1,         // written in assembly
  kWrapper = 1 << 2,     // made by the compiler: hidden in tracebacks, looked through by recover
  kNoSplit = 1 << 3,     // no stack check in the prologue
  kNative = 1 << 4,      // C++ or assembly of the runtime; hidden from runtime.Callers unless its name is Go's
  kHasDefer = 1 << 5,    // keeps a DeferFrame
  kGeneric = 1 << 6,     // an instance of a generic function: the name's [...] part is type arguments
};

// Functions that unwinding treats specially. The link step gives the number by the symbol's name. Below 64.
enum FuncId : uint8_t {
  kFuncNormal,
  kFuncRt0,              // _rt0_amd64_linux, _rt0_amd64, runtime.rt0_go
  kFuncMstart,           // runtime.mstart, runtime.mstart0: bottom of g0
  kFuncGoexit,           // runtime.goexit: bottom of every goroutine
  kFuncRuntimeMain,      // runtime.main
  kFuncMorestack,        // __morestack: a segment boundary
  kFuncMcall,
  kFuncSystemstack,
  kFuncGogo,
  kFuncSigreturn,        // runtime.sigreturn__sigaction: a signal frame lies below it
  kFuncSigtramp,
  kFuncAsyncPreempt,
  kFuncGopanic,
  kFuncCallDeferred,     // runtime.calldeferred: the known call instruction that recover looks for
  kFuncDeferreturn,
};

inline constexpr uint32_t kMaxPackageLength = (1 << 14) - 1;

// One function of the final table. Offsets named "in data" count from Header::data, 0 meaning "none": the first byte of data
// is not used. Files are numbers in Header::files, also in the rows and in the inline tree.
struct FuncRecord {
  uint32_t entry;         // from the start of the text
  uint32_t size;          // bytes
  uint32_t name;          // in strings: as tracebacks print it, "main.(*T).M"
  uint32_t startLine;     // of the declaration, in `startFile`
  uint32_t startFile;
  uint32_t rows;          // in data: the column of SpRows, and right behind it that of LineRows; either may be empty
  uint32_t details;       // in data: FuncDetails, 4-byte aligned
  uint32_t flags : 12;          // FuncFlag
  uint32_t funcId : 6;          // FuncId
  uint32_t packageLength : 14;  // leading bytes of the name that are the package path, without the '.' (0: no package)
};
static_assert(sizeof(FuncRecord) == 32);

// What only some functions have.
struct FuncDetails {
  uint32_t inlineTree;    // in data: InlineNode[inlineCount], 4-byte aligned
  uint32_t inlineCount;
  uint32_t faults;        // in data: FaultEntry[faultCount], by pc, 4-byte aligned
  uint32_t faultCount;
  uint32_t stackMaps;     // in data: the frame's pointers at its calls, see StackMap; 4-byte aligned
};
static_assert(sizeof(FuncDetails) == 20);

// One function in a sidecar. Offsets count from SidecarHeader::data, files in SidecarHeader::files.
struct SidecarRecord {
  uint32_t size;          // as in FuncRecord
  uint32_t name;
  uint32_t startLine;
  uint32_t startFile;
  uint16_t flags;
  uint16_t packageLength;
  uint32_t spRows;        // in data: encoded SpRows
  uint32_t lineRows;      // in data: encoded LineRows
  uint32_t inlineCount;
  uint32_t inlineTree;    // as in FuncDetails
  uint32_t faults;
  uint32_t faultCount;
  uint32_t stackMaps;
};
static_assert(sizeof(SidecarRecord) == 48);

// A call that was inlined. A row's inline index i > 0 means: the innermost function here is tree[i-1]; its caller stands
// at callFile:callLine, and is tree[parent-1], or the function itself when parent is 0.
struct InlineNode {
  uint32_t name;         // in strings; of the function that was inlined
  uint32_t startLine;    // of its declaration
  uint32_t callFile;
  uint32_t callLine;
  uint16_t parent;       // 0: called by the function itself
  uint16_t flags;        // FuncFlag: kWrapper, kGeneric
  uint16_t packageLength;
  uint16_t reserved0;
};
static_assert(sizeof(InlineNode) == 24);

// A memory access that may fault on nil, and where to go then. Both relative to the function's entry.
struct FaultEntry {
  uint32_t pc;
  uint32_t handler;
};

// Start of the final table. Offsets are from the header's first byte.
struct Header {
  uint32_t magic;        // kMagic
  uint16_t version;      // kVersion
  uint8_t pcQuantum;     // row lengths count in these: 1 on amd64
  uint8_t pointerSize;
  uint32_t size;         // of the whole table
  uint32_t bucketShift;  // a bucket covers 1 << bucketShift bytes of text
  int64_t textDelta;     // address of the text minus address of this header
  uint64_t textSize;
  uint32_t funcCount;
  uint32_t bucketCount;
  uint32_t fileCount;
  uint32_t funcs;        // FuncRecord[funcCount], by entry, not overlapping
  uint32_t buckets;      // uint32_t[bucketCount + 1]: the first function that ends behind the bucket's start
  uint32_t files;        // uint32_t[fileCount]: in strings
  uint32_t data;
  uint32_t dataSize;
  uint32_t strings;      // each a varint length and the bytes. Offset 0 is the empty string.
  uint32_t stringsSize;
  uint32_t reserved[6];
};
static_assert(sizeof(Header) == 96);

// Where a sidecar's function is.
struct SidecarFunc {
  uint64_t address;    // 0; in a linked section: where the function is, or 0 when it was dropped
  uint32_t symbol;     // in strings: the ELF symbol in this object
  uint32_t reserved0;
  SidecarRecord record;
};
static_assert(sizeof(SidecarFunc) == 64);

// Start of a sidecar. In a linked section many follow each other, each aligned to 8.
struct SidecarHeader {
  uint32_t magic;      // kSidecarMagic
  uint16_t version;    // kVersion
  uint16_t flags;      // 0
  uint32_t size;       // of the whole sidecar, a multiple of 8
  uint32_t funcCount;
  uint32_t fileCount;
  uint32_t funcs;      // SidecarFunc[funcCount], 8-byte aligned
  uint32_t files;      // uint32_t[fileCount]: in strings
  uint32_t data;
  uint32_t dataSize;
  uint32_t strings;
  uint32_t stringsSize;
  uint32_t reserved[5];
};
static_assert(sizeof(SidecarHeader) == 64);

// --- Varints ---------------------------------------------------------------------------------------------------

// Seven bits a byte, least significant first, the top bit set on all but the last. Signed values are zigzagged.
constexpr uint64_t zigzag(int64_t v) { return (uint64_t(v) << 1) ^ uint64_t(v >> 63); }
constexpr int64_t unzigzag(uint64_t v) { return int64_t(v >> 1) ^ -int64_t(v & 1); }

constexpr uint64_t readVarint(const uint8_t*& p) {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    uint8_t byte = *p++;
    value |= uint64_t(byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return value;
}

// Bytes is anything with push_back: std::vector<uint8_t>, std::string.
template <typename Bytes>
constexpr void appendVarint(Bytes& out, uint64_t v) {
  while (v >= 0x80) {
    out.push_back(static_cast<typename Bytes::value_type>(v | 0x80));
    v >>= 7;
  }
  out.push_back(static_cast<typename Bytes::value_type>(v));
}

// --- Rows ------------------------------------------------------------------------------------------------------
//
// A column of rows covers the function from its first byte: each row starts with the number of bytes (in pcQuantum) that
// it is good for, and a row of length 0 ends the column. What is not written stays as in the row before. Most rows differ from
// the one before by a small step, and are a byte or two:
//
//     length << 2 | which step << 1 | 1         short: RSP moved by a word (push, pop); the next line, or the one behind it
//     length << 1, then what the row says       any row

// How to leave a frame at this pc. CFA, the stack pointer before the call, is register + cfaOffset; the return address
// lies at CFA - 8. cfaOffset 0: not known (hand-written code between two stacks).
struct SpRow {
  uint32_t pc = 0;         // from the function's entry
  uint32_t length = 0;
  int32_t cfaOffset = 0;
  bool cfaIsFp = false;    // register is RBP instead of RSP
  uint32_t fpSlot = 0;     // the caller's RBP lies at CFA - fpSlot; 0: RBP still holds it
  uint32_t saved = 0;      // where all callee-saved registers lie, see savedRegister
};

// Callee-saved registers in the order rbx, rbp, r12, r13, r14, r15, four bits each, from the lowest: n when the caller's
// value is at CFA - 8n, 0 when the register still holds it.
inline constexpr unsigned kCalleeSaved = 6, kCalleeSavedRbp = 1;
constexpr unsigned savedRegister(uint32_t saved, unsigned i) { return saved >> (4 * i) & 15; }
// They are saved in a way that this cannot say.
inline constexpr uint32_t kSavedUnknown = 1u << 31;
// Most functions push those they use in one order, rbp r15 r14 r13 r12 rbx: a set of bits says all.
constexpr uint32_t pushedRegisters(uint32_t set) {
  constexpr unsigned order[kCalleeSaved] = {1, 5, 4, 3, 2, 0};
  uint32_t saved = 0, slot = 2;
  for (unsigned i : order)
    if (set >> i & 1) saved |= slot++ << (4 * i);
  return saved;
}
constexpr uint32_t kPushedSets = 1u << kCalleeSaved;

// What the instruction belongs to.
struct LineRow {
  uint32_t pc = 0;
  uint32_t length = 0;
  uint32_t file = 0;       // in the table's files, in a sidecar in the sidecar's
  uint32_t line = 0;
  uint32_t inlineIndex = 0;  // 0: the function itself, else 1 + index into its inline tree
};

// Reads a column: `SpRowReader r(data); while (r.next()) use(r.row);`
struct SpRowReader {
  static constexpr int32_t kStep = 8;
  const uint8_t* p;
  SpRow row;
  constexpr explicit SpRowReader(const uint8_t* column) : p(column) {}
  constexpr bool next() {
    row.pc += row.length;
    const uint64_t first = readVarint(p);
    if (first & 1) {  // short: CFA is a word further away, or nearer
      row.length = uint32_t(first >> 2);
      row.cfaOffset += first & 2 ? kStep : -kStep;
      return true;
    }
    row.length = uint32_t(first >> 1);
    if (row.length == 0) return false;
    uint64_t v = readVarint(p);  // cfaOffset / 8 << 3 | saved registers follow << 2 | fpSlot follows << 1 | cfaIsFp
    row.cfaIsFp = v & 1;
    row.cfaOffset = int32_t(v >> 3) * 8;
    if (v & 2) row.fpSlot = uint32_t(readVarint(p)) * 8;
    if (v & 4) {  // a set for pushedRegisters, or kPushedSets + SpRow::saved
      uint64_t saved = readVarint(p);
      row.saved = saved < kPushedSets ? pushedRegisters(uint32_t(saved)) : uint32_t(saved - kPushedSets);
    }
    return true;
  }
  // Moves to the row that holds `pc`; false when there is none.
  constexpr bool seek(uint32_t pc) {
    while (next())
      if (pc - row.pc < row.length) return true;
    return false;
  }
};

struct LineRowReader {
  const uint8_t* p;
  LineRow row;
  // Lines and files count from the function's declaration.
  constexpr LineRowReader(const uint8_t* column, uint32_t startLine, uint32_t startFile) : p(column) {
    row.line = startLine;
    row.file = startFile;
  }
  constexpr bool next() {
    row.pc += row.length;
    const uint64_t first = readVarint(p);
    if (first & 1) {  // short: one line further, or two
      row.length = uint32_t(first >> 2);
      row.line += 1 + uint32_t(first >> 1 & 1);
      return true;
    }
    row.length = uint32_t(first >> 1);
    if (row.length == 0) return false;
    uint64_t v = readVarint(p);  // zigzag(line change) << 2 | file change follows << 1 | inline index change follows
    row.line = uint32_t(int64_t(row.line) + unzigzag(v >> 2));
    if (v & 2) row.file = uint32_t(int64_t(row.file) + unzigzag(readVarint(p)));
    if (v & 1) row.inlineIndex = uint32_t(int64_t(row.inlineIndex) + unzigzag(readVarint(p)));
    return true;
  }
  constexpr bool seek(uint32_t pc) {
    while (next())
      if (pc - row.pc < row.length) return true;
    return false;
  }
};

// Writes a column. Rows come in ascending order of pc with the pc where each begins; equal neighbours are merged;
// `finish` gets the function's size. A row of line 0 ("no line") keeps the place of the row before, as gc's tables do.
template <typename Bytes>
class SpRowWriter {
 public:
  constexpr explicit SpRowWriter(Bytes& out) : out_(out) {}
  constexpr void add(uint32_t pc, int32_t cfaOffset, bool cfaIsFp, uint32_t fpSlot, uint32_t saved = 0) {
    if (cfaOffset < 0 || cfaOffset % 8 != 0 || fpSlot % 8 != 0) cfaOffset = 0;
    if (open_ && cfaOffset == row_.cfaOffset && cfaIsFp == row_.cfaIsFp && fpSlot == row_.fpSlot && saved == row_.saved) {
      return;
    }
    close(pc);
    row_ = SpRow{pc, 0, cfaOffset, cfaIsFp, fpSlot, saved};
    open_ = true;
  }
  constexpr void finish(uint32_t size) {
    close(size);
    appendVarint(out_, 0);
  }

 private:
  constexpr void close(uint32_t end) {
    if (!open_ || end <= row_.pc) return;
    bool slotChanged = row_.fpSlot != last_.fpSlot, savedChanged = row_.saved != last_.saved;
    const int32_t step = row_.cfaOffset - last_.cfaOffset;
    const bool isShort = !slotChanged && !savedChanged && row_.cfaIsFp == last_.cfaIsFp && (step == kStep || step == -kStep);
    last_ = row_;
    if (isShort) {
      appendVarint(out_, uint64_t(end - row_.pc) << 2 | uint64_t(step > 0) << 1 | 1);
      return;
    }
    appendVarint(out_, uint64_t(end - row_.pc) << 1);
    appendVarint(out_, uint64_t(row_.cfaOffset / 8) << 3 | uint64_t(savedChanged) << 2 | uint64_t(slotChanged) << 1 |
                           uint64_t(row_.cfaIsFp));
    if (slotChanged) appendVarint(out_, row_.fpSlot / 8);
    if (savedChanged) {
      uint32_t set = 0;
      for (unsigned i = 0; i < kCalleeSaved; i++) set |= uint32_t(savedRegister(row_.saved, i) != 0) << i;
      appendVarint(out_, pushedRegisters(set) == row_.saved ? set : uint64_t{kPushedSets} + row_.saved);
    }
  }
  static constexpr int32_t kStep = SpRowReader::kStep;
  Bytes& out_;
  SpRow row_, last_;
  bool open_ = false;
};

template <typename Bytes>
class LineRowWriter {
 public:
  constexpr LineRowWriter(Bytes& out, uint32_t startLine, uint32_t startFile) : out_(out) {
    last_.line = row_.line = startLine;
    last_.file = row_.file = startFile;
  }
  // The first row always begins at the function's entry.
  constexpr void add(uint32_t pc, uint32_t file, uint32_t line, uint32_t inlineIndex) {
    if (line == 0) {
      if (open_) return;
      file = row_.file, line = row_.line, inlineIndex = 0;
    }
    if (open_ && file == row_.file && line == row_.line && inlineIndex == row_.inlineIndex) return;
    if (!open_) pc = 0;
    close(pc);
    row_ = LineRow{pc, 0, file, line, inlineIndex};
    open_ = true;
  }
  constexpr void finish(uint32_t size) {
    close(size);
    appendVarint(out_, 0);
  }

 private:
  constexpr void close(uint32_t end) {
    if (!open_ || end <= row_.pc) return;
    int64_t line = int64_t(row_.line) - int64_t(last_.line);
    int64_t file = int64_t(row_.file) - int64_t(last_.file);
    int64_t inlined = int64_t(row_.inlineIndex) - int64_t(last_.inlineIndex);
    last_ = row_;
    if (file == 0 && inlined == 0 && (line == 1 || line == 2)) {
      appendVarint(out_, uint64_t(end - row_.pc) << 2 | uint64_t(line - 1) << 1 | 1);
      return;
    }
    appendVarint(out_, uint64_t(end - row_.pc) << 1);
    appendVarint(out_, zigzag(line) << 2 | uint64_t(file != 0) << 1 | uint64_t(inlined != 0));
    if (file != 0) appendVarint(out_, zigzag(file));
    if (inlined != 0) appendVarint(out_, zigzag(inlined));
  }
  Bytes& out_;
  LineRow row_, last_;
  bool open_ = false;
};

// --- Stack maps ------------------------------------------------------------------------------------------------
//
// Where the collector finds the pointers of a function's frame while the function is inside a call. In data, at
// FuncDetails::stackMaps, the number of bytes that follow (uint32_t), then varints:
//
//   slot count     of the root slots: one array of pointer words
//   root place     (CFA - address of slot 0) / 8
//   object count   stack objects that may hold pointers: each
//     place        (CFA - its address) / 8
//     words
//   record count   one per call, ascending: each
//     pc           return address, from the function's entry; the change since the record before
//     arguments    words of arguments on the stack, at the stack pointer of the call << 2 | objects follow << 1 | mask follows
//     mask         (slot count + 7) / 8 bytes: the slots that hold pointers at this call; without it as in the record before
//     objects      (object count + 3) / 4 bytes, two bits each, ObjectUse; without it as in the record before
//
// A record of pc 0 says what is live when a panic left the function at some instruction or call that has no record: what the
// function will look at when it has been recovered. No record at all: nothing is known, the frame is to be scanned word by word.
enum ObjectUse : uint8_t {
  kObjectDead,      // does not count
  kObjectPointed,   // counts when something that counts points to it
  kObjectLive,      // counts
};
struct StackMap {
  uint32_t slotCount = 0;
  uint32_t rootPlace = 0;     // bytes from slot 0 to the CFA
  uint32_t argWords = 0;
  uint32_t objectCount = 0;
  const uint8_t* mask = nullptr;
  const uint8_t* objects = nullptr;     // places and sizes
  const uint8_t* objectUses = nullptr;
  bool slot(uint32_t i) const { return mask != nullptr && (mask[i / 8] >> (i % 8) & 1); }
  ObjectUse objectUse(uint32_t i) const {
    return objectUses == nullptr ? kObjectDead : ObjectUse(objectUses[i / 4] >> (i % 4 * 2) & 3);
  }
  // Calls visit(number, bytes from the object to the CFA, words, use) for each object.
  template <typename Visit>
  constexpr void forObjects(Visit visit) const {
    const uint8_t* p = objects;
    for (uint32_t i = 0; i < objectCount; i++) {
      uint32_t place = uint32_t(readVarint(p)) * 8;
      visit(i, place, uint32_t(readVarint(p)), objectUse(i));
    }
  }
};

// Finds the record of return address `pc` (from the entry) in the maps at `data`.
constexpr bool findStackMap(const uint8_t* data, uint32_t pc, StackMap& map) {
  const uint8_t* p = data + 4;
  map.slotCount = uint32_t(readVarint(p));
  map.rootPlace = uint32_t(readVarint(p)) * 8;
  map.objectCount = uint32_t(readVarint(p));
  map.objects = p;
  for (uint32_t i = 0; i < map.objectCount; i++) {
    readVarint(p);
    readVarint(p);
  }
  uint32_t at = 0;
  for (uint32_t records = uint32_t(readVarint(p)); records != 0; records--) {
    at += uint32_t(readVarint(p));
    uint64_t v = readVarint(p);
    if (v & 1) {
      map.mask = p;
      p += (map.slotCount + 7) / 8;
    }
    if (v & 2) {
      map.objectUses = p;
      p += (map.objectCount + 3) / 4;
    }
    if (at < pc) continue;
    map.argWords = uint32_t(v >> 2);
    return at == pc;
  }
  return false;
}

// --- Looking things up -----------------------------------------------------------------------------------------

struct Name {
  const char* data;
  uint32_t size;
};

// A final table in memory. `address` is where the table lies in the program that it describes, which for the program
// itself is where it is read from.
struct Table {
  const Header* header = nullptr;
  uint64_t address = 0;

  Table() = default;
  explicit Table(const Header* h) : header(h), address(reinterpret_cast<uint64_t>(h)) {}
  Table(const Header* h, uint64_t a) : header(h), address(a) {}

  bool valid() const { return header && header->magic == kMagic && header->version == kVersion; }
  const uint8_t* at(uint32_t offset) const { return reinterpret_cast<const uint8_t*>(header) + offset; }
  uint64_t textStart() const { return address + uint64_t(header->textDelta); }
  uint64_t textEnd() const { return textStart() + header->textSize; }
  const FuncRecord* funcs() const { return reinterpret_cast<const FuncRecord*>(at(header->funcs)); }
  uint64_t entry(const FuncRecord& f) const { return textStart() + f.entry; }
  const uint8_t* data(uint32_t offset) const { return at(header->data + offset); }

  Name string(uint32_t offset) const {
    const uint8_t* p = at(header->strings + offset);
    uint32_t size = uint32_t(readVarint(p));
    return {reinterpret_cast<const char*>(p), size};
  }
  Name name(const FuncRecord& f) const { return string(f.name); }
  Name file(uint32_t index) const {
    if (index >= header->fileCount) return {"?", 1};
    return string(reinterpret_cast<const uint32_t*>(at(header->files))[index]);
  }

  // The function that holds `pc`, or null (outside the text, or in padding).
  const FuncRecord* find(uint64_t pc) const {
    uint64_t offset = pc - textStart();
    if (offset >= header->textSize) return nullptr;
    const uint32_t* bucket = reinterpret_cast<const uint32_t*>(at(header->buckets)) + (offset >> header->bucketShift);
    const FuncRecord* all = funcs();
    // The first function that ends behind pc is between what the two bucket ends say.
    uint32_t low = bucket[0], high = bucket[1];
    while (low < high) {
      uint32_t middle = (low + high) / 2;
      if (uint64_t(all[middle].entry) + all[middle].size > offset) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    if (low >= header->funcCount || all[low].entry > offset) return nullptr;
    return &all[low];
  }

  // Null: it has none.
  const FuncDetails* details(const FuncRecord& f) const {
    return f.details == 0 ? nullptr : reinterpret_cast<const FuncDetails*>(data(f.details));
  }

  // The frame layout at `pc`; false when nothing is known.
  bool frameAt(const FuncRecord& f, uint64_t pc, SpRow& row) const {
    if (f.rows == 0) return false;
    SpRowReader reader(data(f.rows));
    if (!reader.seek(uint32_t((pc - entry(f)) / header->pcQuantum))) return false;
    row = reader.row;
    return row.cfaOffset != 0;
  }

  bool hasStackMaps(const FuncRecord& f) const {
    const FuncDetails* d = details(f);
    return d != nullptr && d->stackMaps != 0;
  }

  // The pointers of a frame whose function is inside the call that returns to `pc`; see findStackMap. pc at the entry: the
  // record for a panic.
  bool stackMapAt(const FuncRecord& f, uint64_t pc, StackMap& map) const {
    const FuncDetails* d = details(f);
    return d != nullptr && d->stackMaps != 0 &&
           findStackMap(data(d->stackMaps), uint32_t((pc - entry(f)) / header->pcQuantum), map);
  }

  // The place at `pc`. For a return address ask with pc - 1. Without rows: the declaration, and false.
  bool lineAt(const FuncRecord& f, uint64_t pc, LineRow& row) const {
    if (f.rows != 0) {
      SpRowReader before(data(f.rows));
      while (before.next()) {
      }
      LineRowReader reader(before.p, f.startLine, f.startFile);
      if (reader.seek(uint32_t((pc - entry(f)) / header->pcQuantum))) {
        row = reader.row;
        return true;
      }
    }
    row = LineRow{};
    row.file = f.startFile;
    row.line = f.startLine;
    return false;
  }

  // Index from LineRow::inlineIndex, at least 1.
  const InlineNode& inlined(const FuncRecord& f, uint32_t index) const {
    return reinterpret_cast<const InlineNode*>(data(details(f)->inlineTree))[index - 1];
  }

  // Where execution continues after a nil access at `pc`; 0 when the fault was not expected.
  uint64_t faultHandler(const FuncRecord& f, uint64_t pc) const {
    const FuncDetails* d = details(f);
    if (d == nullptr) return 0;
    const FaultEntry* list = reinterpret_cast<const FaultEntry*>(data(d->faults));
    uint32_t offset = uint32_t(pc - entry(f)), low = 0, high = d->faultCount;
    while (low < high) {
      uint32_t middle = (low + high) / 2;
      if (list[middle].pc < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == d->faultCount || list[low].pc != offset) return 0;
    return entry(f) + list[low].handler;
  }
};

// One logical frame: the functions at a pc, innermost first. `for (FrameWalk w(table, f, pc); w.valid(); w.next())`.
struct FrameWalk {
  Table table;
  const FuncRecord* func;
  Name function;
  uint32_t packageLength;
  uint16_t flags;
  uint32_t file, line;   // where in `function` the pc, or the inlined call, stands
  uint32_t startLine;

  FrameWalk(const Table& t, const FuncRecord* f, const LineRow& row) : table(t), func(f), file(row.file), line(row.line) {
    load(row.inlineIndex);
  }
  FrameWalk(const Table& t, const FuncRecord* f, uint64_t pc) : FrameWalk(t, f, rowOf(t, *f, pc)) {}
  bool valid() const { return func != nullptr; }
  bool isInlined() const { return index_ != 0; }
  Name fileName() const { return table.file(file); }
  void next() {
    if (index_ == 0) {
      func = nullptr;
      return;
    }
    const InlineNode& node = table.inlined(*func, index_);
    file = node.callFile;
    line = node.callLine;
    load(node.parent);
  }

 private:
  static LineRow rowOf(const Table& t, const FuncRecord& f, uint64_t pc) {
    LineRow row;
    t.lineAt(f, pc, row);
    return row;
  }
  void load(uint32_t index) {
    index_ = index;
    if (index == 0) {
      function = table.name(*func);
      packageLength = func->packageLength;
      flags = func->flags;
      startLine = func->startLine;
    } else {
      const InlineNode& node = table.inlined(*func, index);
      function = table.string(node.name);
      packageLength = node.packageLength;
      flags = node.flags;
      startLine = node.startLine;
    }
  }
  uint32_t index_ = 0;
};

}  // namespace burrow::abi::functab
