class Receipt
  def initialize(cents)
    @cents = cents
  end

  def total
    @cents.sum { |c| (c * 1.19).round }
  end
end
