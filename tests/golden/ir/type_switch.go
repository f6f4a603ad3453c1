// A type switch compares, and takes the value out only where a clause binds it.
package p

type I interface{ M() }

type big struct{ a [40]int }

func (big) M() {}

func use(int) {}

func concrete(x any) {
	switch v := x.(type) { // IR:
	case int: // IR: local<int> typeassert<int> branch ifacedata bitcast load store
		use(v)
	case *big: // IR: local<*p.big> ifacedata bitcast store typeassert<*p.big> branch
		use(v.a[0])
	case big: // IR: local<p.big> ifacedata bitcast move typeassert<p.big> branch
		use(v.a[0])
	case string, bool: // IR: local<interface {}> store typeassert<string> branch typeassert<bool> branch
		use(0)
	case struct{ p *int }: // IR: local<struct { p.p *int }> typeassert<struct { p.p *int }> store typeassert<struct { p.p *int }> branch
		use(*v.p)
	case I: // IR: local<p.I> store ifaceassert<p.I> get get branch
		v.M()
	case nil: // IR: local<interface {}> store jump ifacetab zero eq branch jump
	}
}

func methods(x I) {
	switch x.(type) {
	case big: // IR: typeassert<p.big> branch jump
		use(1)
	}
}

// Eight concrete types: the hash is looked for.
func search(x any) int {
	switch x.(type) { // IR: ifacetab zero eq branch ptradd bitcast load switch
	case int, int8, int16, int32:
		return 1
	case uint, uint8, uint16, nil:
		return 2
	case uint32:
		return 3
	}
	return 4
}
