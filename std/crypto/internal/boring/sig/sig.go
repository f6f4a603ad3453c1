package sig

// BoringCrypto would mark programs with BoringCrypto.
func BoringCrypto() {}

// FIPSOnly would mark programs with crypto/tls/fipsonly.
func FIPSOnly() {}

// StandardCrypto would mark all others.
func StandardCrypto() {}
