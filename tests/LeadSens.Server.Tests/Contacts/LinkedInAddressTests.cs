using LeadSens.Server.Contacts;

namespace LeadSens.Server.Tests.Contacts;

public sealed class LinkedInAddressTests
{
    [Theory]
    [InlineData("https://www.linkedin.com/in/Ann-Lee-1a2b3c/", "ann-lee-1a2b3c")]
    [InlineData("linkedin.com/in/ann-lee?trk=search&x=1", "ann-lee")]
    [InlineData("http://fr.LinkedIn.com/IN/ann-lee/fr#top", "ann-lee")]
    [InlineData("https://www.linkedin.com/in/andr%C3%A9", "andr%c3%a9")]
    [InlineData("https://www.linkedin.com/in/André", "andr%c3%a9")]
    [InlineData("https://www.linkedin.com/company/acme", null)]
    [InlineData("https://www.linkedin.com/in/", null)]
    [InlineData("ann-lee", null)]
    [InlineData(null, null)]
    public void However_it_is_written_it_names_one_person(string? address, string? name) => LinkedInAddress.NameIn(address).ShouldBe(name);

    [Fact]
    public void A_name_of_any_length_fits_into_the_index() => LinkedInAddress.NameIn($"linkedin.com/in/{new string('é', 5_000)}")!.Length.ShouldBe(200);

    [Theory]
    [InlineData("ann@acme.example", "ann@acme.example")]
    [InlineData("n/a", null)]
    [InlineData("@acme.example", null)]
    [InlineData("ann@", null)]
    [InlineData("a@b@acme.example", null)]
    public void What_is_no_address_joins_nobody(string key, string? address) => PersonFields.AddressOf(key).ShouldBe(address);
}
