// Reading from a proxy: http(s) by libcurl, file: by reading the file.
#include "load/files.h"
#include "load/mod_cache.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <mutex>

namespace burrow::load {

namespace {

constexpr size_t kMaxBody = 512u << 20;
constexpr long kConnectSeconds = 30, kSlowSeconds = 60;

size_t collect(char* data, size_t size, size_t count, void* to) {
  auto* body = static_cast<std::string*>(to);
  const size_t n = size * count;
  if (body->size() + n > kMaxBody) return 0;
  body->append(data, n);
  return n;
}

// "file:///a%20b" -> "/a b". Empty when it is no path of this machine.
std::string pathOfFileUrl(std::string_view url) {
  url.remove_prefix(std::string_view("file://").size());
  if (url.starts_with("localhost/")) url.remove_prefix(9);
  if (!url.starts_with('/')) return {};
  std::string path;
  for (size_t i = 0; i < url.size(); i++) {
    auto hex = [](char c) { return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1; };
    if (url[i] == '%' && i + 2 < url.size() && hex(url[i + 1]) >= 0 && hex(url[i + 2]) >= 0) {
      path += static_cast<char>(hex(url[i + 1]) * 16 + hex(url[i + 2]));
      i += 2;
    } else {
      path += url[i];
    }
  }
  return path;
}

}  // namespace

bool fetchUrl(const std::string& url, std::string* body, std::string* error, bool* notFound) {
  *notFound = false;
  body->clear();
  if (url.starts_with("file://")) {
    const std::string path = pathOfFileUrl(url);
    if (path.empty()) {
      *error = fmt::format("reading {}: invalid file URL", url);
      return false;
    }
    if (isFile(path) && readFile(path, body, error)) return true;
    *notFound = !fileExists(path);
    *error = fmt::format("reading {}: no such file or directory", url);
    return false;
  }
  if (!url.starts_with("https://") && !url.starts_with("http://")) {
    *error = fmt::format("invalid proxy URL scheme (must be https, http, file): {}", url);
    return false;
  }
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  CURL* curl = curl_easy_init();
  if (!curl) {
    *error = "out of memory";
    return false;
  }
  char problem[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 10L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, problem);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, kSlowSeconds);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "burrow");
  CURLcode code = curl_easy_perform(curl);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_cleanup(curl);
  if (code != CURLE_OK) {
    *error = fmt::format("Get \"{}\": {}", url, *problem ? problem : curl_easy_strerror(code));
    return false;
  }
  if (status == 200) return true;
  *notFound = status == 404 || status == 410;
  *error = fmt::format("reading {}: {} {}", url, status,
                       status == 404   ? "Not Found"
                       : status == 410 ? "Gone"
                       : status == 403 ? "Forbidden"
                       : status == 500 ? "Internal Server Error"
                                       : "");
  while (error->ends_with(' ')) error->pop_back();
  return false;
}

}  // namespace burrow::load
