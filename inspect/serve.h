// `burrow inspect serve`: the page of a running program, made anew for each request.
//
// One request at a time, GET only, for whoever has the token that was printed: what the page shows of a program's memory is nobody
// else's business, and any page in the same browser could ask a port of this machine. It listens on the loopback
// address unless told otherwise.
#pragma once

#include <functional>
#include <string>

namespace burrow::inspect {

// Serves until `page` reports that the target is gone, or for ever. `listening` gets the address to open. False, with
// *error set, when it cannot listen.
bool serve(const std::string& address, const std::function<void(const std::string& url)>& listening,
           const std::function<bool(std::string* page, std::string* error)>& page, std::string* error);

}  // namespace burrow::inspect
