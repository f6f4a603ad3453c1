// The build cache: what is put is got, and what is damaged is not there.
#include "load/cache.h"

#include "temp_folder.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <thread>

using namespace burrow::load;
namespace fs = std::filesystem;

namespace {

std::string content(const std::string& path) {
  std::string text, error;
  EXPECT_TRUE(readFile(path, &text, &error)) << error;
  return text;
}

TEST(Cache, GetsWhatWasPut) {
  TempFolder folder;
  Cache cache(folder / "deep/cache");
  Hash key = hashOf("key");
  EXPECT_FALSE(cache.get(key));
  std::string error;
  ASSERT_TRUE(cache.put(key, std::string("con\0tent", 8), "init 1", &error)) << error;
  auto entry = cache.get(key);
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->info, "init 1");
  EXPECT_EQ(content(entry->path), std::string("con\0tent", 8));
  EXPECT_FALSE(cache.get(hashOf("other")));
}

// Any damage to either file makes the entry missing, and putting it again heals it.
TEST(Cache, DamagedEntriesAreMissing) {
  TempFolder folder;
  Cache cache(folder / "cache");
  Hash key = hashOf("key");
  std::string error;
  auto entry = cache.put(key, "the content", "info", &error);
  ASSERT_TRUE(entry) << error;
  std::string record = entry->path;
  record.back() = 'r';
  for (const std::string& file : {entry->path, record}) {
    const std::string good = content(file);
    std::vector<std::string> damaged = {"", good.substr(0, good.size() / 2), good.substr(0, good.size() - 1),
                                        good + "x"};
    for (size_t i = 0; i < good.size(); i += 5) {
      if (file == record && i >= good.size() - 5) break;  // the info itself has no check of its own
      damaged.push_back(good);
      damaged.back()[i] ^= 1;
    }
    for (const std::string& bytes : damaged) {
      std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
      EXPECT_FALSE(cache.get(key)) << file << ": " << bytes;
    }
    fs::remove(file);
    EXPECT_FALSE(cache.get(key));
    ASSERT_TRUE(cache.put(key, "the content", "info", &error));
    ASSERT_TRUE(cache.get(key));
  }
}

TEST(Cache, ManyWriters) {
  TempFolder folder;
  Cache cache(folder / "cache");
  std::string big(200000, 'x');
  std::vector<std::thread> threads;
  std::atomic<int> bad{0};
  for (int t = 0; t < 4; t++) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; i++) {
        std::string error;
        Hash key = hashOf(std::to_string(i % 7));
        if (!cache.put(key, big, "i", &error)) bad++;
        if (!cache.get(key)) bad++;
      }
    });
  }
  for (auto& t : threads) t.join();
  EXPECT_EQ(bad, 0);
  for (auto& e : fs::recursive_directory_iterator(folder / "cache"))
    EXPECT_EQ(e.path().string().find(".tmp"), std::string::npos);
}

TEST(Cache, NoFolderNoCache) {
  std::string error;
  EXPECT_FALSE(Cache("").put(hashOf("k"), "c", "i", &error));
  EXPECT_EQ(error, "no folder for the build cache: set BURROW_CACHE or HOME");
  EXPECT_FALSE(Cache("/dev/null/x").put(hashOf("k"), "c", "i", &error));
  EXPECT_NE(error.find("not a directory"), std::string::npos) << error;
}

TEST(Cache, TrimRemovesWhatIsOld) {
  TempFolder folder;
  Cache cache(folder / "cache");
  std::string error;
  auto old = cache.put(hashOf("old"), "c", "i", &error), fresh = cache.put(hashOf("new"), "c", "i", &error);
  ASSERT_TRUE(old && fresh);
  timespec past[2] = {{1000000000, 0}, {1000000000, 0}};
  for (char kind : {'d', 'r'}) {
    old->path.back() = kind;
    utimensat(AT_FDCWD, old->path.c_str(), past, 0);
  }
  cache.trim();
  EXPECT_FALSE(cache.get(hashOf("old")));
  EXPECT_TRUE(cache.get(hashOf("new")));
}

}  // namespace
