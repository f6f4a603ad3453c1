//go:build faketime

package runtime

// os/fake_time.h: what time is then.
func useFakeTime()

func init() { useFakeTime() }
