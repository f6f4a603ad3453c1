// Arithmetic of type terms: unions and intersections of sets such as `~int | string`.
//
// A set is "all types" or a list of terms without overlap. `~T` stands for all types whose underlying type is T.
#pragma once

#include "types/types.h"

namespace burrow::types {

bool termIncludes(const Term& term, Type* t);
bool termsDisjoint(const Term& a, const Term& b);
bool termSubset(const Term& a, const Term& b);

// Adds a term to a normalised list.
void addTerm(std::vector<Term>& list, const Term& term);
std::vector<Term> intersectTerms(const std::vector<Term>& a, const std::vector<Term>& b);
// Whether set a is a subset of set b / the same set, looking at terms only.
bool termsSubset(const TypeSet& a, const TypeSet& b);
bool sameTerms(const TypeSet& a, const TypeSet& b);

// The type set of a union. Terms whose type is invalid are left out.
TypeSet typeSetOfUnion(Union* u);

}  // namespace burrow::types
