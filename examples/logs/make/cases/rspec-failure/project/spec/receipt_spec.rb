require_relative "../receipt"

RSpec.describe Receipt do
  (1..61).each do |n|
    it "taxes #{n} error-free items" do
      expect(Receipt.new([100] * n).total).to eq(119 * n)
    end
  end

  it "adds tax once" do
    expect(Receipt.new([33, 33, 33]).total).to eq(118)
  end

  it "is zero without items" do
    expect(Receipt.new([]).total).to eq(0)
  end
end
