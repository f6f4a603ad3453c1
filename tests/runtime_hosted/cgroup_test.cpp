// Reading the CPU limit of a control group: /proc and the group's files are written by the tests.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>

#include "os/cgroup.h"
#include "os/os.h"

namespace {
std::map<std::string, std::string> files;  // path to contents
int made;
}  // namespace

namespace burrow::rt {
// Each file of the map is a real one of its own when it is opened.
int64_t open(const char* path, int, int) {
  auto f = files.find(path);
  if (f == files.end()) return -2;
  std::string real = testing::TempDir() + "cgroup_test." + std::to_string(getpid()) + "." + std::to_string(made++);
  std::ofstream(real) << f->second;
  const int fd = ::open(real.c_str(), O_RDONLY);
  unlink(real.c_str());
  return fd;
}
int64_t read(int fd, void* p, size_t n) { return ::read(fd, p, n); }
int64_t closefd(int fd) { return ::close(fd); }
}  // namespace burrow::rt

#include "os/cgroup_linux.cpp"

namespace burrow::rt {
namespace {

int32_t limitWith(std::map<std::string, std::string> f) {
  files = std::move(f);
  quotaFd = periodFd = -1;
  cgroupOpen();
  return cgroupLimit();
}

const char kMountV2[] = "24 29 0:22 / /proc rw - proc proc rw\n30 23 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
const char kMountV1[] =
    "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n"
    "33 31 0:30 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"
    "32 31 0:29 /docker/x /sys/fs/cgroup/cpu\\040acct rw,relatime shared:9 master:3 - cgroup cgroup rw,cpuacct,cpu\n";

int32_t v2(const char* max) {
  return limitWith({{"/proc/self/cgroup", "0::/a/b\n"}, {"/proc/self/mountinfo", kMountV2}, {"/sys/fs/cgroup/a/b/cpu.max", max}});
}

TEST(Cgroup, Version2) {
  EXPECT_EQ(v2("400000 100000\n"), 4);
  EXPECT_EQ(v2("410000 100000\n"), 5);
  EXPECT_EQ(v2("50000 100000\n"), 2);
  EXPECT_EQ(v2("max 100000\n"), 0);
  EXPECT_EQ(v2(""), 0);
  EXPECT_EQ(v2("400000"), 0);
  EXPECT_EQ(v2("400000 0\n"), 0);
}

TEST(Cgroup, Version1) {
  auto with = [](const char* quota, const char* group) {
    return limitWith({{"/proc/self/cgroup", std::string("9:name=systemd:/\n3:cpuset:/\n2:cpuacct,cpu:") + group + "\n0::/\n"},
                      {"/proc/self/mountinfo", kMountV1},
                      {"/sys/fs/cgroup/cpu acct/y/cpu.cfs_quota_us", quota},
                      {"/sys/fs/cgroup/cpu acct/y/cpu.cfs_period_us", "100000\n"},
                      {"/sys/fs/cgroup/cpu acct/cpu.cfs_quota_us", "700000\n"},
                      {"/sys/fs/cgroup/cpu acct/cpu.cfs_period_us", "100000\n"}});
  };
  EXPECT_EQ(with("300000\n", "/docker/x/y"), 3);
  EXPECT_EQ(with("-1\n", "/docker/x/y"), 0);
  EXPECT_EQ(with("300000\n", "/docker/x"), 7);
  EXPECT_EQ(with("300000\n", "/docker/xx"), 0);  // not below what is mounted
  EXPECT_EQ(with("300000\n", "/elsewhere"), 0);
}

TEST(Cgroup, Absent) {
  EXPECT_EQ(limitWith({}), 0);
  EXPECT_EQ(limitWith({{"/proc/self/cgroup", "garbage\n"}, {"/proc/self/mountinfo", kMountV2}}), 0);
  EXPECT_EQ(limitWith({{"/proc/self/cgroup", "0::/a\n"}, {"/proc/self/mountinfo", "\n\nx y\n"}}), 0);
  EXPECT_EQ(limitWith({{"/proc/self/cgroup", "0::/../a\n"}, {"/proc/self/mountinfo", kMountV2}, {"/sys/fs/cgroup/../a/cpu.max", "300000 100000\n"}}), 0);
  EXPECT_EQ(limitWith({{"/proc/self/cgroup", "0::/" + std::string(9000, 'a') + "\n"}, {"/proc/self/mountinfo", kMountV2}}), 0);
}

}  // namespace
}  // namespace burrow::rt
