final class Invoice {
    private Invoice() {}
}
