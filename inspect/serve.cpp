#include "inspect/serve.h"

#include "inspect/target.h"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace burrow::inspect {

namespace {

constexpr size_t kMostRequest = 16 << 10;
constexpr int kPatience = 5;  // seconds for a request to arrive

std::string newToken() {
  uint8_t bytes[16] = {};
  if (::getrandom(bytes, sizeof bytes, 0) != ssize_t(sizeof bytes)) return {};
  std::string out;
  for (uint8_t b : bytes) out += fmt::format("{:02x}", b);
  return out;
}

void sendAll(int fd, const std::string& text) {
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::send(fd, text.data() + done, text.size() - done, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    done += size_t(n);
  }
}

void answer(int fd, const char* status, const char* type, const std::string& body) {
  sendAll(fd, fmt::format("HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
                          "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
                          status, type, body.size()) +
                  body);
}

// The same time for every wrong one.
bool sameText(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned char difference = 0;
  for (size_t i = 0; i < a.size(); i++) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

std::string readRequest(int fd) {
  std::string request;
  char buffer[2048];
  while (request.find("\r\n\r\n") == std::string::npos && request.size() < kMostRequest) {
    const ssize_t n = ::recv(fd, buffer, sizeof buffer, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    request.append(buffer, size_t(n));
  }
  return request;
}

int listenOn(const std::string& address, std::string* shown, std::string* error) {
  const size_t colon = address.rfind(':');
  const std::string host = colon == std::string::npos || colon == 0 ? "127.0.0.1" : address.substr(0, colon);
  const std::string port = colon == std::string::npos ? address : address.substr(colon + 1);
  addrinfo hints = {}, *found = nullptr;
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  const std::string bare = host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
  if (const int status = ::getaddrinfo(bare.c_str(), port.empty() ? "0" : port.c_str(), &hints, &found); status != 0) {
    *error = fmt::format("serve: {}: {}", address, ::gai_strerror(status));
    return -1;
  }
  const int fd = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int one = 1;
  if (fd >= 0) ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (fd < 0 || ::bind(fd, found->ai_addr, found->ai_addrlen) != 0 || ::listen(fd, 16) != 0) {
    *error = fmt::format("serve: listen {}: {}", address, systemError(errno));
    ::freeaddrinfo(found);
    if (fd >= 0) ::close(fd);
    return -1;
  }
  ::freeaddrinfo(found);
  sockaddr_storage own = {};
  socklen_t size = sizeof own;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&own), &size);
  const uint16_t bound = own.ss_family == AF_INET6 ? ntohs(reinterpret_cast<sockaddr_in6*>(&own)->sin6_port) : ntohs(reinterpret_cast<sockaddr_in*>(&own)->sin_port);
  *shown = fmt::format("{}:{}", host, bound);
  return fd;
}

}  // namespace

bool serve(const std::string& address, const std::function<void(const std::string& url)>& listening,
           const std::function<bool(std::string* page, std::string* error)>& page, std::string* error) {
  const std::string token = newToken();
  if (token.empty()) {
    *error = "serve: the kernel gives no random numbers";
    return false;
  }
  std::string shown;
  const int server = listenOn(address, &shown, error);
  if (server < 0) return false;
  const std::string path = "/" + token + "/";
  listening("http://" + shown + path);
  for (;;) {
    const int client = ::accept4(server, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      *error = fmt::format("serve: {}", systemError(errno));
      ::close(server);
      return false;
    }
    const timeval patience = {kPatience, 0};
    ::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const std::string request = readRequest(client);
    const std::string_view line = std::string_view(request).substr(0, request.find('\r'));
    bool goOn = true;
    if (!line.starts_with("GET ")) {
      answer(client, "405 Method Not Allowed", "text/plain", "only GET\n");
    } else if (const std::string_view wanted = line.substr(4, line.find(' ', 4) - 4); !sameText(wanted, path)) {
      answer(client, "403 Forbidden", "text/plain", "the address has to be the one that was printed\n");
    } else {
      std::string text, why;
      if (page(&text, &why)) {
        answer(client, "200 OK", "text/html; charset=utf-8", text);
      } else {
        answer(client, "410 Gone", "text/plain; charset=utf-8", why + "\n");
        *error = why;
        goOn = false;
      }
    }
    ::close(client);
    if (!goOn) {
      ::close(server);
      return false;
    }
  }
}

}  // namespace burrow::inspect
