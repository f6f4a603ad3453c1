module example.test/everyday

go 1.27
