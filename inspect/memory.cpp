#include "inspect/memory.h"

#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace burrow::inspect {

std::string Memory::text(uint64_t at, size_t most) {
  std::string out;
  char c;
  while (out.size() < most && get(at + out.size(), &c) && c != 0) out += c;
  return out;
}

void PieceMemory::add(uint64_t at, std::string bytes) {
  Piece p{at, bytes.size(), std::move(bytes)};
  pieces_.push_back(std::move(p));
  sorted_ = false;
}

void PieceMemory::addFile(uint64_t at, int fd, uint64_t offset, uint64_t fileSize, uint64_t memorySize) {
  if (memorySize == 0 || at + memorySize < at) return;
  Piece p{at, memorySize, {}, fd, offset, std::min(fileSize, memorySize)};
  pieces_.push_back(std::move(p));
  sorted_ = false;
}

const PieceMemory::Piece* PieceMemory::find(uint64_t at) {
  if (!sorted_) {
    // Of pieces that begin at one place the last that was added counts.
    std::stable_sort(pieces_.begin(), pieces_.end(), [](const Piece& a, const Piece& b) { return a.at < b.at; });
    sorted_ = true;
  }
  auto after = std::upper_bound(pieces_.begin(), pieces_.end(), at, [](uint64_t v, const Piece& p) { return v < p.at; });
  if (after == pieces_.begin()) return nullptr;
  const Piece& p = *--after;
  return at - p.at < p.size ? &p : nullptr;
}

bool PieceMemory::read(uint64_t at, void* to, size_t size) {
  char* out = static_cast<char*>(to);
  while (size != 0) {
    const Piece* p = find(at);
    if (!p) {
      // Up to where the next piece begins.
      auto next = std::upper_bound(pieces_.begin(), pieces_.end(), at, [](uint64_t v, const Piece& q) { return v < q.at; });
      const uint64_t n = next == pieces_.end() ? size : std::min<uint64_t>(size, next->at - at);
      if (!under_ || !under_->read(at, out, n)) return false;
      at += n, out += n, size -= n;
      continue;
    }
    const uint64_t from = at - p->at, n = std::min<uint64_t>(size, p->size - from);
    if (p->fd < 0) {
      std::memcpy(out, p->bytes.data() + from, n);
    } else {
      uint64_t done = 0;
      const uint64_t inFile = from < p->fileSize ? std::min(n, p->fileSize - from) : 0;
      while (done < inFile) {
        const ssize_t got = ::pread(p->fd, out + done, inFile - done, off_t(p->offset + from + done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        done += uint64_t(got);
      }
      std::memset(out + inFile, 0, n - inFile);
    }
    at += n, out += n, size -= n;
  }
  return true;
}

bool ProcessMemory::read(uint64_t at, void* to, size_t size) {
  iovec local{to, size}, remote{reinterpret_cast<void*>(at), size};
  const ssize_t n = ::process_vm_readv(pid_, &local, 1, &remote, 1, 0);
  if (n < 0) error_ = errno;
  return n >= 0 && size_t(n) == size;
}

CachedMemory::Block& CachedMemory::block(uint64_t number) {
  if (auto known = blocks_.find(number); known != blocks_.end()) return known->second;
  if (blocks_.size() >= kMostBlocks) blocks_.clear();
  Block& b = blocks_[number];
  b.bytes.reset(new char[kBlock]);
  if (under_->read(number * kBlock, b.bytes.get(), kBlock)) {
    b.valid = (1u << (kBlock / kPage)) - 1;
  } else {
    for (unsigned i = 0; i < kBlock / kPage; i++)
      if (under_->read(number * kBlock + i * kPage, b.bytes.get() + i * kPage, kPage)) b.valid |= 1u << i;
  }
  return b;
}

bool CachedMemory::read(uint64_t at, void* to, size_t size) {
  if (at + size < at) return false;
  if (size > 4 * kBlock) return under_->read(at, to, size);
  char* out = static_cast<char*>(to);
  while (size != 0) {
    const uint64_t inPage = at % kPage, n = std::min<uint64_t>(size, kPage - inPage);
    Block& b = block(at / kBlock);
    if (b.valid >> (at % kBlock / kPage) & 1) {
      std::memcpy(out, b.bytes.get() + at % kBlock, n);
    } else if (!under_->read(at, out, n)) {  // a page of which only a part is there
      return false;
    }
    at += n, out += n, size -= n;
  }
  return true;
}

}  // namespace burrow::inspect
