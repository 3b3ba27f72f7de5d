using LeadSens.Server.Connections.Providers.Instantly;

namespace LeadSens.Server.Tests.Discovery;

public sealed class IcpSearchTests
{
    [Theory]
    [InlineData("50-500", "25 - 100|100 - 250|250 - 1000")]
    [InlineData("1-25", "0 - 25")]
    [InlineData("1000+", "1K - 10K|10K - 50K|50K - 100K|> 100K")]
    [InlineData("1K - 10K", "1K - 10K")]
    [InlineData("30", "25 - 100")]
    [InlineData("large", "")]
    public void A_company_size_touches_ranges(string size, string expected) => string.Join('|', IcpSearch.Ranges(size)).ShouldBe(expected);
}
