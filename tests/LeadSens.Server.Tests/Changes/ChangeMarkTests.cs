using LeadSens.Server.Changes;

namespace LeadSens.Server.Tests.Changes;

public sealed class ChangeMarkTests
{
    [Theory]
    [InlineData("1764398400-10:20:10,14,15")]
    [InlineData("0-7:7:")]
    [InlineData("1764398400-1:9223372036854775807:")]
    public void A_mark_is_read_as_it_was_written(string text) => ChangeMark.Parse(text).ShouldNotBeNull().ToString().ShouldBe(text);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("-10:20:")]
    [InlineData("1764398400")]
    [InlineData("1764398400-")]
    [InlineData("1764398400-10:20")]
    [InlineData("1764398400-20:10:")]
    [InlineData("1764398400-0:10:")]
    [InlineData("1764398400-10:20:9")]
    [InlineData("1764398400-10:20:20")]
    [InlineData("1764398400-10:20:15,14")]
    [InlineData("1764398400-10:20:14,14")]
    [InlineData("1764398400-10:20:14,")]
    [InlineData("1764398400-10:20:14:15")]
    [InlineData("1764398400-+10:20:")]
    [InlineData("99999999999999999999-10:20:")]
    [InlineData("1764398400-10:99999999999999999999:")]
    [InlineData("1764398400-10:20:'; drop table leads")]
    public void What_never_was_one_is_none(string? text) => ChangeMark.Parse(text).ShouldBeNull();

    [Fact]
    public void Nobody_sends_one_that_is_longer_than_a_header_should_be() =>
        ChangeMark.Parse($"1-1:100000:{string.Join(',', Enumerable.Range(2, 5_000))}").ShouldBeNull();
}
