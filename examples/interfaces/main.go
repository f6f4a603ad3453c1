// Interfaces and embedding: a type satisfies an interface by having its methods; nothing needs to be declared. A struct
// that embeds another type gets its fields and methods.
package main

type shape interface {
	area() int
	name() string
}

type square struct{ side int }

func (s square) area() int    { return s.side * s.side }
func (s square) name() string { return "square" }

type rectangle struct{ width, height int }

func (r *rectangle) area() int    { return r.width * r.height }
func (r *rectangle) name() string { return "rectangle" }
func (r *rectangle) grow(n int)   { r.width += n }

// A coloured shape is a shape: the embedded one's methods are its own. It replaces one of them and calls the original.
type coloured struct {
	shape
	colour string
}

func (c coloured) name() string { return c.colour + " " + c.shape.name() }

// An interface may be made of others.
type grower interface {
	shape
	grow(int)
}

// Any type can have methods.
type digits int

func (d digits) area() int {
	n := 0
	for ; d > 0; d /= 10 {
		n++
	}
	return n
}
func (digits) name() string { return "digits" }

func main() {
	shapes := []shape{square{3}, &rectangle{2, 5}, digits(12345), coloured{square{2}, "red"}}
	shapes = append(shapes, coloured{coloured{&rectangle{1, 1}, "small"}, "blue"})
	total := 0
	for _, s := range shapes {
		println(s.name(), "has area", s.area())
		total += s.area()
	}
	println("in all:", total)

	// Asking for more than the interface promises.
	for _, s := range shapes {
		if g, ok := s.(grower); ok {
			g.grow(10)
			println(g.name(), "has grown to", g.area())
		}
	}

	for _, v := range []any{nil, 7, "seven", square{7}, []int{1, 2}, 'x', errorText("bad"), 7.5} {
		println(describe(v))
	}

	// Two interface values are equal when type and value are.
	var a, b shape = square{1}, square{1}
	println("equal:", a == b, a == shape(square{2}), any(1) == any(int8(1)))

	// An interface that holds a nil pointer is not nil itself.
	var none *rectangle
	var s shape = none
	println("nil:", none == nil, s == nil)

	animals()
}

type errorText string

func (e errorText) Error() string { return string(e) }

func describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case int, rune:
		return "a whole number"
	case string:
		return "the string " + v
	case shape:
		return "a shape: " + v.name()
	case error:
		return "an error: " + v.Error()
	case []int:
		return "a slice of ints"
	}
	return "something else"
}

type animal struct {
	kind  string
	meals int
}

func (a *animal) eat()          { a.meals++ }
func (a animal) String() string { return a.kind }

type home struct{ rooms int }

func (h *home) dig() { h.rooms++ }

// Badgers embed a value and a pointer; both bring their fields and methods.
type badger struct {
	animal
	*home
	name string
}

func animals() {
	sett := &home{rooms: 3}
	b := badger{animal{kind: "badger"}, sett, "Brock"}
	b.eat()
	b.eat()
	b.dig()
	println(b.name, "the", b.String(), "ate", b.meals, "times and has", b.rooms, "rooms")

	friend := b // a copy of the animal, but the same home
	friend.name, friend.kind = "Mole", "mole"
	friend.eat()
	friend.dig()
	println(b.name, b.kind, b.meals, b.rooms)
	println(friend.name, friend.kind, friend.meals, friend.rooms)

	var eater interface{ eat() } = &b
	eater.eat()
	println(b.meals, "meals now")
}
