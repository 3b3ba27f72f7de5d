using LeadSens.Server.Enrichment;

namespace LeadSens.Server.Tests.Enrichment;

public sealed class CompanyWebsiteTests
{
    [Theory]
    [InlineData("https://acme.com/about", "Acme", "https://acme.com/about")]
    [InlineData(null, "Blue River Foods", "blueriverfoods.com")]
    [InlineData(" ", "Müller & Söhne, GmbH", "müllersöhnegmbh.com")]
    [InlineData(null, "  ", null)]
    public void The_website_is_the_leads_own_or_made_of_the_companys_name(string? website, string? company, string? expected) =>
        CompanyWebsite.Of(website, company).ShouldBe(expected);
}
