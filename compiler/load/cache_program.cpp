// See cache_program.h.
#include "load/cache_program.h"

#include "load/mod_cache.h"
#include "source/system_error.h"

#include <fmt/format.h>
#define JSON_NOEXCEPTION
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace burrow::load {

namespace {

std::string bytesOf(const Hash& h) {
  std::string out;
  for (uint64_t word : {h.high, h.low}) {
    for (int i = 56; i >= 0; i -= 8) out += static_cast<char>(word >> i);
  }
  return out;
}
// Identifiers have 32 bytes in the go command, and some programs count on it.
std::string identifier(std::string_view kind, const Hash& h) {
  return base64(bytesOf(h) + bytesOf(Hasher().add(kind).add(h).finish()));
}

}  // namespace

std::unique_ptr<CacheProgram> CacheProgram::start(const std::vector<std::string>& command, std::string* error) {
  std::unique_ptr<CacheProgram> p(new CacheProgram);
  p->name_ = command.front();
  int toProgram[2], fromProgram[2];
  // A socket, so that writing to a program that is gone is an error and no signal.
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, toProgram) != 0 || ::pipe2(fromProgram, O_CLOEXEC) != 0) {
    *error = "GOCACHEPROG: pipe: " + source::systemErrorText(errno);
    return nullptr;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, toProgram[0], 0);
  posix_spawn_file_actions_adddup2(&actions, fromProgram[1], 1);
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const int problem = ::posix_spawnp(&p->pid_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(toProgram[0]);
  ::close(fromProgram[1]);
  p->in_ = toProgram[1];
  p->out_ = fromProgram[0];
  if (problem != 0) {
    p->pid_ = 0;
    *error =
        fmt::format("error starting GOCACHEPROG program \"{}\": {}", command.front(), source::systemErrorText(problem));
    return nullptr;
  }
  std::string line;
  nlohmann::json hello = p->readLine(&line) ? nlohmann::json::parse(line, nullptr, false) : nlohmann::json();
  if (!hello.is_object() || !hello.contains("KnownCommands") || !hello["KnownCommands"].is_array()) {
    *error = fmt::format("GOCACHEPROG program \"{}\" did not declare its supported commands", command.front());
    return nullptr;
  }
  for (const auto& known : hello["KnownCommands"]) {
    p->canGet_ |= known == "get";
    p->canPut_ |= known == "put";
    p->canClose_ |= known == "close";
  }
  return p;
}

CacheProgram::~CacheProgram() {
  std::string ignored;
  if (pid_ != 0 && canClose_) request("close", "", {}, &ignored);
  if (in_ >= 0) ::close(in_);
  if (out_ >= 0) ::close(out_);
  while (pid_ != 0 && ::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

bool CacheProgram::readLine(std::string* line) {
  size_t end;
  while ((end = read_.find('\n')) == std::string::npos) {
    char buffer[4096];
    const ssize_t n = ::read(out_, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    read_.append(buffer, static_cast<size_t>(n));
  }
  *line = read_.substr(0, end);
  read_.erase(0, end + 1);
  return true;
}

bool CacheProgram::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::send(in_, text.data(), text.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

std::string CacheProgram::request(const std::string& command, const std::string& fields, std::string_view body,
                                  std::string* error) {
  std::lock_guard lock(mutex_);
  const long id = ++id_;
  std::string text = fmt::format("{{\"ID\":{},\"Command\":\"{}\"{}}}\n", id, command, fields);
  if (!body.empty()) text += fmt::format("\"{}\"\n", base64(body));
  std::string line;
  if (broken_ || !write(text) || !readLine(&line)) {
    broken_ = true;
    *error = fmt::format("GOCACHEPROG program \"{}\" does not answer", name_);
    return {};
  }
  const nlohmann::json answer = nlohmann::json::parse(line, nullptr, false);
  if (!answer.is_object() || answer.value("ID", 0L) != id) {
    broken_ = true;
    *error = fmt::format("GOCACHEPROG program \"{}\": unexpected answer: {}", name_, line);
    return {};
  }
  if (std::string problem = answer.value("Err", ""); !problem.empty()) {
    *error = "GOCACHEPROG: " + problem;
    return {};
  }
  return answer.value("Miss", false) ? "" : answer.value("DiskPath", "");
}

std::optional<std::string> CacheProgram::get(const Hash& key) {
  std::string ignored;
  if (!canGet_) return std::nullopt;
  std::string path = request("get", fmt::format(",\"ActionID\":\"{}\"", identifier("action", key)), {}, &ignored);
  if (path.empty()) return std::nullopt;
  return path;
}

std::optional<std::string> CacheProgram::put(const Hash& key, std::string_view content, std::string* error) {
  if (!canPut_) {
    *error = fmt::format("GOCACHEPROG program \"{}\" does not store", name_);
    return std::nullopt;
  }
  std::string path =
      request("put",
              fmt::format(",\"ActionID\":\"{}\",\"OutputID\":\"{}\",\"BodySize\":{}", identifier("action", key),
                          identifier("output", hashOf(content)), content.size()),
              content, error);
  if (path.empty()) {
    if (error->empty()) *error = fmt::format("GOCACHEPROG program \"{}\" did not say where it stored", name_);
    return std::nullopt;
  }
  return path;
}

}  // namespace burrow::load
