// Modules from elsewhere: the module cache, proxies, checksums.
//
// The cache is Go's own, in its layout, so that both tools share it:
//
//     GOMODCACHE/cache/download/ESCAPED/@v/VERSION.{info,mod,zip,ziphash,lock}   what a proxy said
//     GOMODCACHE/ESCAPED@VERSION/                                                the module's files, read-only
//
// Everything is written beside its place and renamed, and a lock file per version keeps two processes from unpacking the
// same zip. What comes out of a zip was written by strangers: names that leave the module's folder, links, names that differ
// only in case and zips that unpack to more than a module may hold are refused before anything is written. Texts that
// go.sum does not know are refused too; nothing here asks a checksum database.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace burrow::load {

struct ModuleVersion {
  std::string path, version;
  auto operator<=>(const ModuleVersion&) const = default;
  std::string str() const { return version.empty() ? path : path + "@" + version; }
};

// SHA-256, as 32 bytes.
std::string sha256(std::string_view bytes);
std::string base64(std::string_view bytes);
// "h1:..." over files given by name and SHA-256 (as raw bytes).
std::string hashOfFiles(std::map<std::string, std::string> sumByName);
// The h1 of a go.mod file.
std::string hashOfGoMod(std::string_view text);

// go.sum: "path version h1:..." and "path version/go.mod h1:...".
class GoSum {
 public:
  // Errors: "malformed go.sum:\nNAME:LINE: wrong number of fields N".
  bool read(std::string_view text, std::string_view name, std::string* error);
  enum class State { Missing, Match, Mismatch };
  State check(const ModuleVersion& module, std::string_view hash) const;
  bool has(const ModuleVersion& module) const { return sums_.contains(module); }
  const std::string& first(const ModuleVersion& module) const { return sums_.at(module).front(); }

 private:
  std::map<ModuleVersion, std::vector<std::string>> sums_;
};

struct FetchOptions {
  std::string cacheDir;  // GOMODCACHE
  std::string proxies;   // GOPROXY
  std::string noProxy;   // GONOPROXY, else GOPRIVATE
  bool verbose = false;  // -x
  bool writable = false; // -modcacherw
  bool checkSums = true; // false: modules without go.sum entries are taken (GONOSUMCHECK, GOFLAGS=-mod=mod with GOSUMDB=off)
};

class ModuleCache {
 public:
  explicit ModuleCache(FetchOptions options) : options_(std::move(options)) {}
  GoSum& sums() { return sums_; }

  // The text of a module's go.mod; checked against go.sum. *missingSum: go.sum lacks it.
  bool goMod(const ModuleVersion& module, std::string* text, std::string* error, bool* missingSum);
  // The folder with a module's files, fetched and unpacked when it is not there.
  bool folder(const ModuleVersion& module, std::string* dir, std::string* error);
  // The version that a query means: "latest", a version, the beginning of one ("v1", "v1.2"), or what the proxy knows by
  // that name (a branch, a commit).
  enum class Resolved : uint8_t { Found, NoModule, NoVersion, Failed };
  Resolved resolve(const std::string& modulePath, const std::string& query, std::string* version, std::string* error);
  // Where that folder is or would be.
  std::string folderOf(const ModuleVersion& module) const;
  std::string goModPath(const ModuleVersion& module) const { return downloadPath(module, ".mod"); }
  // "" when it is not known.
  std::string timeOf(const ModuleVersion& module) const;
  // The h1 of the zip in the cache; "" when there is none.
  std::string zipHash(const ModuleVersion& module) const;

 private:
  std::string downloadPath(const ModuleVersion& module, std::string_view suffix) const;
  // GET of PROXY/MODULE/tail, from one proxy after the other.
  bool askProxies(const std::string& modulePath, const std::string& tail, std::string* body, std::string* error, bool* notFound);
  // Makes sure that cache/download has the file.
  bool download(const ModuleVersion& module, std::string_view suffix, std::string* error);
  bool unpack(const ModuleVersion& module, const std::string& zip, const std::string& dir, std::string* error);
  bool checkZip(const ModuleVersion& module, std::string* error);

  const FetchOptions options_;
  GoSum sums_;
};

// Unpacks a module's zip into `dir`, which must not exist. On an error nothing is left. Errors are in the words of Go's
// module/zip package.
bool unzipModule(const std::string& zip, const ModuleVersion& module, const std::string& dir, std::string* error);
// Takes the right to write from a module's files and folders.
void protectModule(const std::string& dir);
// Whether the zip may be unpacked at all; looks at its directory only.
bool checkModuleZip(const std::string& zip, const ModuleVersion& module, std::string* error);
// The h1 over a module's zip.
bool hashModuleZip(const std::string& zip, std::string* hash, std::string* error);

// GET. `notFound`: 404 or 410, or no such file.
bool fetchUrl(const std::string& url, std::string* body, std::string* error, bool* notFound);

}  // namespace burrow::load
