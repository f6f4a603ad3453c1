// Memory of somebody else: a process, a core, an executable that does not run.
//
// All of the inspector reads through this interface. A read succeeds as a whole or not at all; an address that is not there
// is an ordinary answer, because what is looked at may be running, damaged or hostile: nothing that was read is ever trusted
// as an address, a length or a count without the reads behind it failing gracefully.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace burrow::inspect {

class Memory {
 public:
  virtual ~Memory() = default;
  virtual bool read(uint64_t at, void* to, size_t size) = 0;

  template <class T>
  bool get(uint64_t at, T* to) {
    return read(at, to, sizeof *to);
  }
  // 0 when it cannot be read.
  uint64_t word(uint64_t at) {
    uint64_t v = 0;
    return get(at, &v) ? v : 0;
  }
  // A NUL-terminated string of at most `most` bytes.
  std::string text(uint64_t at, size_t most = 256);
};

// Pieces of a file, or of another's memory that was copied, at their addresses.
class PieceMemory : public Memory {
 public:
  // `under` answers for what no piece has; may be null.
  explicit PieceMemory(Memory* under = nullptr) : under_(under) {}
  void add(uint64_t at, std::string bytes);
  void clear() { pieces_.clear(); }
  // `size` bytes at `offset` of the open file; beyond `fileSize` up to `memorySize` there are zeros.
  void addFile(uint64_t at, int fd, uint64_t offset, uint64_t fileSize, uint64_t memorySize);
  bool read(uint64_t at, void* to, size_t size) override;

 private:
  struct Piece {
    uint64_t at, size;
    std::string bytes;
    int fd = -1;
    uint64_t offset = 0, fileSize = 0;
  };
  const Piece* find(uint64_t at);
  Memory* under_;
  std::vector<Piece> pieces_;  // sorted by address when sorted_
  bool sorted_ = true;
};

// A running process, by process_vm_readv.
class ProcessMemory : public Memory {
 public:
  explicit ProcessMemory(int pid) : pid_(pid) {}
  bool read(uint64_t at, void* to, size_t size) override;
  int lastError() const { return error_; }

 private:
  int pid_;
  int error_ = 0;
};

// Keeps what was read, in blocks: a system call per block instead of one per field. forget() when it should be fresh.
class CachedMemory : public Memory {
 public:
  explicit CachedMemory(Memory* under) : under_(under) {}
  bool read(uint64_t at, void* to, size_t size) override;
  void forget() { blocks_.clear(); }

 private:
  static constexpr uint64_t kBlock = 16 << 10, kPage = 4 << 10;
  static constexpr size_t kMostBlocks = (128 << 20) / kBlock;
  struct Block {
    std::unique_ptr<char[]> bytes;
    uint32_t valid = 0;  // a bit per page
  };
  Block& block(uint64_t number);
  Memory* under_;
  std::unordered_map<uint64_t, Block> blocks_;
};

}  // namespace burrow::inspect
