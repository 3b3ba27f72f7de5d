using LeadSens.Server.Mail;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Mail;

public sealed class MailOptionsTests
{
    [Fact]
    public void Development_needs_nothing() => Faults("Development", new()).ShouldBeEmpty();

    [Fact]
    public void Production_takes_complete_settings() =>
        Faults("Production", new() { Host = "smtp.example.com", From = "LeadSens <no-reply@example.com>", UserName = "u", Password = "p" }).ShouldBeEmpty();

    [Fact]
    public void Production_without_a_mail_server_is_a_fault() => Faults("Production", new()).ShouldHaveSingleItem().ShouldStartWith("Mail__Host ");

    [Fact]
    public void Every_fault_is_listed_under_the_variable_that_sets_it()
    {
        var faults = Faults("Production", new() { Host = "not a host", From = "nobody", Port = 70000, Encryption = "ssl", UserName = "u", TimeoutSeconds = 0, LongestSeconds = -1 });

        foreach (var name in (string[])["Host", "From", "Port", "Tls", "UserName", "TimeoutSeconds", "LongestSeconds"]) faults.ShouldContain(fault => fault.StartsWith($"Mail__{name} ", StringComparison.Ordinal), name);
    }

    [Theory]
    [InlineData("smtp.example.com", 1)]
    [InlineData("127.0.0.1", 0)]
    public void A_password_goes_unencrypted_to_no_other_machine(string host, int faults) =>
        Faults("Production", new() { Host = host, From = "a@example.com", Encryption = "none", UserName = "u", Password = "p" }).Count.ShouldBe(faults);

    [Theory]
    [InlineData("LeadSens <no-reply@example.com>", "LeadSens", "no-reply@example.com")]
    [InlineData("\"Équipe, LeadSens\" <a@example.com>", "Équipe, LeadSens", "a@example.com")]
    [InlineData("a@example.com", null, "a@example.com")]
    public void A_sender_has_an_address_and_may_have_a_name(string text, string? name, string address) => Mailbox.Parse(text).ShouldBe(new Mailbox(name, address));

    [Theory]
    [InlineData("LeadSens")]
    [InlineData("Lead\nSens <a@example.com>")]
    [InlineData("LeadSens <a@example.com")]
    public void Anything_else_is_none(string text) => Mailbox.Parse(text).ShouldBeNull();

    private static List<string> Faults(string environment, MailOptions options) => new MailOptionsRules(new TestEnvironment(environment)).Validate(null, options).Failures?.ToList() ?? [];
}
