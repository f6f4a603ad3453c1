// Module zips: checking and unpacking them, and the h1 hash over what they hold.
//
// A zip is looked through once before anything is written. The rules are those of Go's module/zip package: every name
// begins with "path@version/", is a well-formed file path and is told from all others even when case does not count; no
// links; go.mod only at the top; no more than 500 MB in all, by the directory and by what really comes out of it.
#include "load/files.h"
#include "load/mod_cache.h"
#include "load/module_path.h"
#include "source/system_error.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <zip.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>

namespace burrow::load {

namespace {

constexpr uint64_t kMaxZip = 500u << 20, kMaxTotal = 500u << 20, kMaxGoMod = 16u << 20, kMaxLicense = 16u << 20;

struct CloseZip {
  void operator()(zip_t* zip) const { zip_discard(zip); }
};
struct CloseFile {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using ZipPtr = std::unique_ptr<zip_t, CloseZip>;
using ZipFilePtr = std::unique_ptr<zip_file_t, CloseFile>;

ZipPtr openZip(const std::string& path, std::string* error) {
  int code = 0;
  zip_t* zip = zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code);
  if (!zip) {
    zip_error_t e;
    zip_error_init_with_code(&e, code);
    *error = fmt::format("zip: {}: {}", path, zip_error_strerror(&e));
    zip_error_fini(&e);
  }
  return ZipPtr(zip);
}

// Reads an entry piece by piece. `sink` returns false to stop.
template <typename Sink>
bool readEntry(zip_t* zip, zip_uint64_t index, uint64_t limit, std::string* error, Sink sink) {
  ZipFilePtr file(zip_fopen_index(zip, index, 0));
  if (!file) {
    *error = zip_strerror(zip);
    return false;
  }
  std::string buffer(64 * 1024, '\0');
  uint64_t total = 0;
  for (;;) {
    zip_int64_t n = zip_fread(file.get(), buffer.data(), buffer.size());
    if (n < 0) {
      *error = zip_file_strerror(file.get());
      return false;
    }
    if (n == 0) return true;
    total += static_cast<uint64_t>(n);
    if (total > limit) {
      *error = "uncompressed size of file contents is larger than declared size";
      return false;
    }
    if (!sink(std::string_view(buffer.data(), static_cast<size_t>(n)))) return false;
  }
}

// Lower case, for letters that file systems fold. ASCII is what module paths and nearly all file names are made of;
// others are compared as they are.
std::string folded(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

struct Entry {
  zip_uint64_t index;
  std::string name;  // below the module's folder
  uint64_t size;
};

class Checker {
 public:
  Checker(zip_t* zip, std::string prefix) : zip_(zip), prefix_(std::move(prefix)) {}

  bool run(std::vector<Entry>* entries, std::string* error) {
    const zip_int64_t count = zip_get_num_entries(zip_, 0);
    uint64_t total = 0;
    for (zip_int64_t i = 0; i < count; i++) {
      const auto index = static_cast<zip_uint64_t>(i);
      zip_stat_t st;
      zip_stat_init(&st);
      if (zip_stat_index(zip_, index, ZIP_FL_ENC_RAW, &st) != 0 || !(st.valid & ZIP_STAT_NAME) ||
          !(st.valid & ZIP_STAT_SIZE)) {
        *error = zip_strerror(zip_);
        return false;
      }
      std::string full = st.name;
      auto fail = [&](std::string_view why) {
        *error = fmt::format("{}: {}", full, why);
        return false;
      };
      if (!full.starts_with(prefix_)) return fail(fmt::format("path does not have prefix \"{}\"", prefix_));
      std::string name = full.substr(prefix_.size());
      if (name.empty()) continue;
      const bool isFolder = name.ends_with('/');
      if (isFolder) name.pop_back();
      if (name.starts_with('/') || cleanPath(name) != name) return fail("file path is not clean");
      if (std::string problem = checkPath(name, PathKind::File); !problem.empty())
        return fail(fmt::format("malformed file path \"{}\": {}", name, problem));
      if (!collide(name, isFolder, error)) return false;
      if (isFolder) continue;
      zip_uint8_t system = 0;
      zip_uint32_t attributes = 0;
      if (zip_file_get_external_attributes(zip_, index, 0, &system, &attributes) == 0 &&
          system == ZIP_OPSYS_UNIX) {
        const uint32_t type = attributes >> 16 & S_IFMT;
        if (type != 0 && type != S_IFREG) return fail("not a regular file");
      }
      if (baseName(name) != name && folded(baseName(name)) == "go.mod")
        return fail("go.mod file not in module root directory");
      if (folded(name) == "go.mod" && name != "go.mod") return fail("found file named go.mod with wrong case");
      if (name == "go.mod" && st.size > kMaxGoMod) return fail(fmt::format("go.mod file too large (max size is {} bytes)", kMaxGoMod));
      if (name == "LICENSE" && st.size > kMaxLicense)
        return fail(fmt::format("LICENSE file too large (max size is {} bytes)", kMaxLicense));
      if (st.size > kMaxTotal || total + st.size > kMaxTotal) {
        *error = fmt::format("total uncompressed size of module contents too large (max size is {} bytes)", kMaxTotal);
        return false;
      }
      total += st.size;
      entries->push_back({index, std::move(name), st.size});
    }
    return true;
  }

 private:
  // Each name and each folder above it may be spelled in one way only, and be only a file or only a folder.
  bool collide(const std::string& name, bool isFolder, std::string* error) {
    std::string at = name;
    bool folder = isFolder;
    for (;;) {
      auto [known, isNew] = seen_.try_emplace(folded(at), at, folder);
      if (!isNew) {
        const auto& [spelling, wasFolder] = known->second;
        if (spelling != at) {
          *error = fmt::format("{}{}: case-insensitive file name collision: \"{}\" and \"{}\"", prefix_, name, spelling, at);
          return false;
        }
        if (wasFolder != folder) {
          *error = fmt::format("{}{}: entry \"{}\" is both a file and a directory", prefix_, name, at);
          return false;
        }
        if (!folder) {
          *error = fmt::format("{}{}: multiple entries for file \"{}\"", prefix_, name, at);
          return false;
        }
        return true;
      }
      size_t slash = at.rfind('/');
      if (slash == std::string::npos) return true;
      at.resize(slash);
      folder = true;
    }
  }

  zip_t* zip_;
  std::string prefix_;
  std::map<std::string, std::pair<std::string, bool>> seen_;
};

bool writeEntry(zip_t* zip, const Entry& entry, const std::string& path, std::string* error) {
  int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
  auto fail = [&](const char* what) {
    *error = fmt::format("{} {}: {}", what, path, source::systemErrorText(errno));
    return false;
  };
  if (fd < 0) return fail("open");
  bool ok = readEntry(zip, entry.index, entry.size, error, [&](std::string_view piece) {
    while (!piece.empty()) {
      ssize_t n = ::write(fd, piece.data(), piece.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return fail("write");
      piece.remove_prefix(static_cast<size_t>(n));
    }
    return true;
  });
  if (::close(fd) != 0 && ok) ok = fail("close");
  return ok;
}

struct Digest {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  Digest() { EVP_DigestInit_ex(context, EVP_sha256(), nullptr); }
  ~Digest() { EVP_MD_CTX_free(context); }
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;
  void add(std::string_view bytes) { EVP_DigestUpdate(context, bytes.data(), bytes.size()); }
  std::string finish() {
    std::string out(32, '\0');
    unsigned length = 0;
    EVP_DigestFinal_ex(context, reinterpret_cast<unsigned char*>(out.data()), &length);
    return out;
  }
};

}  // namespace

std::string sha256(std::string_view bytes) {
  Digest digest;
  digest.add(bytes);
  return digest.finish();
}

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  int n = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                          reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<size_t>(n));
  return out;
}

std::string hashOfFiles(std::map<std::string, std::string> sumByName) {
  std::string list;
  for (const auto& [name, sum] : sumByName) {
    for (unsigned char c : sum) list += fmt::format("{:02x}", c);
    list += "  " + name + "\n";
  }
  return "h1:" + base64(sha256(list));
}

std::string hashOfGoMod(std::string_view text) { return hashOfFiles({{"go.mod", sha256(text)}}); }

bool checkModuleZip(const std::string& path, const ModuleVersion& module, std::string* error) {
  std::vector<Entry> entries;
  ZipPtr zip = openZip(path, error);
  return zip && Checker(zip.get(), module.str() + "/").run(&entries, error);
}

bool hashModuleZip(const std::string& path, std::string* hash, std::string* error) {
  ZipPtr zip = openZip(path, error);
  if (!zip) return false;
  std::map<std::string, std::string> sums;
  const zip_int64_t count = zip_get_num_entries(zip.get(), 0);
  for (zip_int64_t i = 0; i < count; i++) {
    const char* name = zip_get_name(zip.get(), static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW);
    if (!name) {
      *error = zip_strerror(zip.get());
      return false;
    }
    std::string text = name;
    if (text.find('\n') != std::string::npos) {
      *error = "dirhash: filenames with newlines are not supported";
      return false;
    }
    Digest digest;
    if (!readEntry(zip.get(), static_cast<zip_uint64_t>(i), kMaxTotal, error, [&](std::string_view piece) {
          digest.add(piece);
          return true;
        })) {
      return false;
    }
    sums[text] = digest.finish();
  }
  *hash = hashOfFiles(std::move(sums));
  return true;
}

void protectModule(const std::string& dir) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  std::vector<fs::path> folders{dir};
  for (const fs::directory_entry& e : fs::recursive_directory_iterator(dir, ignored)) {
    if (e.is_directory(ignored)) folders.push_back(e.path());
    if (e.is_regular_file(ignored)) ::chmod(e.path().c_str(), 0444);
  }
  for (const fs::path& path : folders) ::chmod(path.c_str(), 0555);
}

bool unzipModule(const std::string& path, const ModuleVersion& module, const std::string& dir, std::string* error) {
  namespace fs = std::filesystem;
  std::error_code problem;
  auto fail = [&](std::string_view why) {
    *error = fmt::format("unzip {}: {}", path, why);
    fs::remove_all(dir, problem);
    return false;
  };
  std::string why;
  struct stat st;
  if (::stat(path.c_str(), &st) == 0 && static_cast<uint64_t>(st.st_size) > kMaxZip) {
    *error = fmt::format("unzip {}: module zip file is too large ({} bytes; limit is {} bytes)", path, st.st_size, kMaxZip);
    return false;
  }
  ZipPtr zip = openZip(path, &why);
  std::vector<Entry> entries;
  if (!zip || !Checker(zip.get(), module.str() + "/").run(&entries, &why)) {
    *error = fmt::format("unzip {}: {}", path, why);
    return false;
  }
  fs::create_directories(dir, problem);
  if (problem) return fail(fmt::format("mkdir {}: {}", dir, problem.message()));
  for (const Entry& entry : entries) {
    const std::string to = joinPath(dir, entry.name);
    fs::create_directories(fs::path(to).parent_path(), problem);
    if (problem) return fail(fmt::format("mkdir {}: {}", dirName(to), problem.message()));
    if (!writeEntry(zip.get(), entry, to, &why)) return fail(fmt::format("{}/{}: {}", module.str(), entry.name, why));
  }
  return true;
}

}  // namespace burrow::load
