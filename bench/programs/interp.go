// interp: a small stack machine that computes primes: a loop around a switch, and the same by interface method calls.
package main

const (
	push = iota
	load
	store
	add
	mod
	less
	jumpZero
	jump
	halt
)

type instruction struct{ op, arg int }

func run(code []instruction, vars []int) int {
	var stack [16]int
	sp, pc, steps := 0, 0, 0
	for {
		in := code[pc]
		pc++
		steps++
		switch in.op {
		case push:
			stack[sp] = in.arg
			sp++
		case load:
			stack[sp] = vars[in.arg]
			sp++
		case store:
			sp--
			vars[in.arg] = stack[sp]
		case add:
			sp--
			stack[sp-1] += stack[sp]
		case mod:
			sp--
			stack[sp-1] %= stack[sp]
		case less:
			sp--
			if stack[sp-1] < stack[sp] {
				stack[sp-1] = 1
			} else {
				stack[sp-1] = 0
			}
		case jumpZero:
			sp--
			if stack[sp] == 0 {
				pc = in.arg
			}
		case jump:
			pc = in.arg
		case halt:
			return steps
		}
	}
}

type node interface{ eval(vars []int) int }
type constant int
type variable int
type sum struct{ a, b node }
type product struct{ a, b node }

func (c constant) eval([]int) int      { return int(c) }
func (v variable) eval(vars []int) int { return vars[v] }
func (s *sum) eval(vars []int) int     { return s.a.eval(vars) + s.b.eval(vars) }
func (p *product) eval(vars []int) int { return p.a.eval(vars) * p.b.eval(vars) }

func main() {
	// for n = 2; n < limit; n++ { for d = 2; n%d != 0; d++ {}; if d == n (that is !(d < n)) count++ }
	const n, d, limit, count = 0, 1, 2, 3
	code := []instruction{
		{push, 2}, {store, n},
		{load, n}, {load, limit}, {less, 0}, {jumpZero, 26},
		{push, 2}, {store, d},
		{load, n}, {load, d}, {mod, 0}, {jumpZero, 17},
		{load, d}, {push, 1}, {add, 0}, {store, d}, {jump, 8},
		{load, d}, {load, n}, {less, 0}, {jumpZero, 22}, {jump, 25},
		{load, count}, {push, 1}, {add, 0},
		{halt, 0},
		{halt, 0},
	}
	code[21].arg = 26
	code = append(code[:25], instruction{store, count}, instruction{load, n}, instruction{push, 1}, instruction{add, 0}, instruction{store, n}, instruction{jump, 2}, instruction{halt, 0})
	code[5].arg = 31
	vars := make([]int, 4)
	vars[limit] = 12000
	println(run(code, vars), vars[count])

	expression := node(constant(1))
	for i := range 20 {
		if i%3 == 0 {
			expression = &product{expression, variable(i % 4)}
		} else {
			expression = &sum{expression, &product{constant(i), variable(i % 4)}}
		}
	}
	total := 0
	for i := range 500_000 {
		vars[0], vars[1] = i, i&7
		total += expression.eval(vars)
	}
	println(total)
}
