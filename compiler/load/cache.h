// The build cache: results of compilation by what they were made from.
//
// An entry's name is the hash of everything that went into it (compiler, flags, source text, the keys of imported
// packages), so an entry is never out of date, only missing. It is two files: the result itself, which the linker reads
// where it lies, and a small record beside it with the result's size and hash and what else must be known about it. Both
// are written under temporary names and renamed, the record last: whatever is killed in between leaves either a whole
// entry or none. A result that does not match its record (a damaged disk, a full one) counts as missing and is made again.
// Two processes that make the same entry write the same bytes; the later rename wins and nobody notices.
//
// With GOCACHEPROG the two files of an entry are two entries of that program's, the record's under a key of its own.
//
// Entries that were not used for some days are removed now and then, by age of their record, which each use renews.
#pragma once

#include "load/cache_program.h"
#include "load/files.h"

#include <memory>
#include <optional>
#include <string>

namespace burrow::load {

class Cache {
 public:
  // `dir` is made when it is missing. An unusable folder makes a cache that finds nothing and whose `put` fails.
  explicit Cache(std::string dir) : dir_(std::move(dir)) {}
  // BURROW_CACHE, else $XDG_CACHE_HOME/burrow, else $HOME/.cache/burrow; empty when there is none of these, and
  // when the first is "off".
  static std::string defaultDir();

  struct Entry {
    std::string path;  // of the result
    std::string info;  // what was put beside it
  };
  std::optional<Entry> get(const Hash& key) const;
  // Whether there is an entry of that name, without a look at what is in it.
  bool has(const Hash& key) const;
  // On failure returns nothing, sets *error and leaves nothing behind.
  std::optional<Entry> put(const Hash& key, std::string_view content, std::string_view info, std::string* error) const;

  // From now on entries are another program's affair; the folder is for what belongs to this machine.
  void useProgram(std::unique_ptr<CacheProgram> program) { program_ = std::move(program); }

  bool programIsBroken() const { return program_ && program_->isBroken(); }

  // Removes entries that were not used for a week, at most once a day.
  void trim() const;
  const std::string& dir() const { return dir_; }

 private:
  std::string resultPath(const Hash& key) const;
  std::string recordPath(const Hash& key) const;
  std::string dir_;
  std::unique_ptr<CacheProgram> program_;
};

}  // namespace burrow::load
