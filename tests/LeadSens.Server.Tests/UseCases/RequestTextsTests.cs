using LeadSens.Server.Api;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.UseCases;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.UseCases;

/// <summary>What a caller in this process hands over is held against the same rules as what comes over HTTP.</summary>
public sealed class RequestTextsTests(AppOfClass apps) : IClassFixture<AppOfClass>
{
    private readonly RequestTexts texts = apps.App.Services.GetRequiredService<RequestTexts>();

    [Fact]
    public void Every_text_at_every_depth_is_looked_at()
    {
        // Halves of a pair, as an attribute cannot hold them.
        foreach (var text in (string[])["a\0b", $"a{(char)0xD800}", $"{(char)0xDC00}a", "a\r\nb", "a\u2028b"])
        {
            Fields(Request(name: text)).ShouldBe(["name"]);
            Fields(new ChangeCampaign.Request(Guid.Empty, Request(name: text))).ShouldBe(["change.name"]);
            Fields(Request(icp: new(null, [text], null, null, null))).ShouldBe(["icp.jobTitles"]);
            Fields(Request(targets: [null, text])).ShouldBe(["targets"]);
            Fields(new ListCampaigns.Request(default, text)).ShouldBe(["status"]);
        }
    }

    [Fact]
    public void What_cannot_be_left_out_is_missed() => Fields(new ChangeCampaign.Request(Guid.Empty, null!)).ShouldBe(["change"]);

    [Fact]
    public void A_text_of_several_lines_may_have_them_where_its_field_says_so()
    {
        Fields(Request(icp: new("one\ntwo", null, null, null, null))).ShouldBeEmpty();
        Fields(Request(icp: new("one\0two", null, null, null, null))).ShouldBe(["icp.description"]);
        Fields(Request(name: "Ada 😀", icp: new("one", ["two"], null, null, null), targets: ["instantly"])).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, null, "limit")]
    [InlineData(101, null, "limit")]
    [InlineData(null, "no cursor", "cursor")]
    [InlineData(null, "a\0", "cursor")]
    [InlineData(100, "0198b5a0-0000-7000-8000-000000000000", null)]
    public void A_page_keeps_to_its_limits(int? limit, string? cursor, string? field) =>
        Fields(new ListCampaigns.Request(new PageRequest(cursor, limit), null)).ShouldBe(field is null ? [] : [field]);

    private IEnumerable<string> Fields(object request) => texts.Check(request).ByField.Keys;

    private static CampaignRequest Request(string? name = null, Icp? icp = null, IReadOnlyList<string?>? targets = null) =>
        new(name, icp, null, null, null, targets, null, null);
}
