// Cores and snapshots: writing the latter.
//
// A snapshot is an ELF core, which debuggers read too, with a note of ours that holds what a reader needs besides memory: the
// executable itself (without debug information, deflated), its path, the time. So a snapshot can be read anywhere, and the
// same code reads both. docs/snapshot.md is the format.
#pragma once

#include "inspect/target.h"

namespace burrow::inspect {

inline constexpr const char* kNoteName = "BURROW";
inline constexpr uint32_t kNoteInfo = 1;        // JSON
inline constexpr uint32_t kNoteExecutable = 2;  // u64 size, then the file, deflated; DWARF is zeros
inline constexpr int kSnapshotVersion = 1;

struct SnapshotResult {
  uint64_t bytes = 0;   // of the file
  int64_t stoppedNs = 0;
};
// Writes all of the process's writable memory. The process is stopped meanwhile unless `live`.
bool writeSnapshot(Target& target, const std::string& path, bool live, SnapshotResult* result, std::string* error);

}  // namespace burrow::inspect
