using LeadSens.Server.Api;

namespace LeadSens.Server.Tests.Api;

public sealed class CsvTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("=1", "\"'=1\"")]
    [InlineData("+1", "\"'+1\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("  =1", "\"'  =1\"")]
    [InlineData("＋1", "\"'＋1\"")]
    [InlineData("a\r\nb", "\"a\r\nb\"")]
    [InlineData("", "")]
    public void A_field_is_no_formula(string text, string expected) => Csv.Field(text).ShouldBe(expected);

    [Fact]
    public void A_line_keeps_its_empty_fields() => Csv.Line("", "a", null, "b").ShouldBe(",a,,b\r\n");
}
