package main

// An animal is anything that has these methods; no type needs to say so.
type animal interface {
	name() string
	dig() int
}

type mole struct{ tunnels int }

func (m *mole) name() string { return "mole" }

func (m *mole) dig() int {
	m.tunnels++
	return m.tunnels
}

type rabbits int

func (r rabbits) name() string { return "rabbits" }

func (r rabbits) dig() int { return int(r) * 2 }

// A guest embeds an animal: the animal's methods are the guest's, and one of them is replaced.
type guest struct {
	animal
	from string
}

func (g guest) name() string { return g.animal.name() + " from " + g.from }

func interfaces() {
	say("A type satisfies an interface by having its methods. An embedded one brings its methods along.")
	for _, a := range []animal{&mole{}, rabbits(3), guest{&mole{tunnels: 9}, "the meadow"}} {
		println("    the", a.name(), "dug", a.dig())
	}

	say("A type switch asks what a value is.")
	for _, v := range []any{1, "one", &mole{}, 'x', nil, 1.5} {
		println("   ", kind(v))
	}
}

func kind(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case int, float64:
		return "a number"
	case string:
		return "the text " + v
	case animal:
		return "an animal, the " + v.name()
	default:
		return "something else"
	}
}

// Stack holds values of any one type.
type stack[T any] struct{ values []T }

func (s *stack[T]) push(values ...T) *stack[T] {
	s.values = append(s.values, values...)
	return s
}

func (s *stack[T]) pop() (value T, ok bool) {
	if len(s.values) == 0 {
		return value, false
	}
	value = s.values[len(s.values)-1]
	s.values = s.values[:len(s.values)-1]
	return value, true
}

// A method may bring a type parameter of its own.
func (s *stack[T]) convert[U any](f func(T) U) *stack[U] {
	result := new(stack[U])
	for _, v := range s.values {
		result.push(f(v))
	}
	return result
}

func largest[T ~int | ~float64 | ~string](first T, others ...T) T {
	for _, v := range others {
		first = max(first, v)
	}
	return first
}

func generics() {
	say("Functions, types and methods can leave types open. Each use gets code of its own.")
	println("    largest:", largest(3, 1, 4, 1, 5), largest("vole", "badger", "mole"), largest(rabbits(2), 7))

	words := new(stack[string]).push("a", "tunnel", "to", "everywhere")
	lengths := words.convert(func(s string) int { return len(s) })
	print("    popped:")
	for n, ok := lengths.pop(); ok; n, ok = lengths.pop() {
		print(" ", n)
	}
	println()
}
