module example.org/acme/courier

go 1.21
