using LeadSens.Server.Operations;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Operations;

public sealed class LeadSensOptionsTests
{
    private const string Key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    [Fact]
    public void Development_needs_nothing() => Faults("Development", new()).ShouldBeEmpty();

    [Fact]
    public void Production_takes_complete_settings() =>
        Faults("Production", new() { PublicUrl = "https://leads.example", EncryptionKey = Key, Database = "Host=db;Username=u;SSL Mode=VerifyFull", Bus = "amqps://broker" }).ShouldBeEmpty();

    [Fact]
    public void Every_fault_is_listed_under_the_variable_that_sets_it()
    {
        var faults = Faults("Production", new() { Database = "nonsense", Bus = "http://x", SandboxUrl = "sandbox", EncryptionKey = "abc", DataDirectory = " " });

        foreach (var name in (string[])["Database", "Bus", "SandboxUrl", "PublicUrl", "EncryptionKey", "DataDirectory"])
            faults.ShouldContain(fault => fault.StartsWith($"LeadSens__{name} ", StringComparison.Ordinal), name);
    }

    [Fact]
    public void A_public_address_without_tls_is_refused_in_production_unless_it_is_said_in_so_many_words()
    {
        var options = new LeadSensOptions { PublicUrl = "http://leads.example", EncryptionKey = Key };

        Faults("Production", options).ShouldHaveSingleItem().ShouldContain("LeadSens__AllowPlainHttp=true");
        Faults("Development", options).ShouldBeEmpty();
        options.AllowPlainHttp = true;
        Faults("Production", options).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Host=db;Username=u", "amqps://broker", "LeadSens__Database")]
    [InlineData("Host=db;Username=u;SSL Mode=Prefer", "amqps://broker", "LeadSens__Database")]
    [InlineData("Host=127.0.0.1,db;Username=u", "amqps://broker", "LeadSens__Database")]
    [InlineData("Host=127.0.0.1;Username=u", "amqp://broker", "LeadSens__Bus")]
    public void Other_hosts_are_not_spoken_to_without_tls_in_production_unless_it_is_said_in_so_many_words(string database, string bus, string setting)
    {
        var options = new LeadSensOptions { PublicUrl = "https://leads.example", EncryptionKey = Key, Database = database, Bus = bus };

        Faults("Production", options).ShouldHaveSingleItem().ShouldStartWith($"{setting} goes to another host without TLS");
        Faults("Development", options).ShouldBeEmpty();
        options.AllowPlainBackends = true;
        Faults("Production", options).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("nonsense", "LeadSens__DatabaseOwner is not")]
    [InlineData("Host=db;Username=o;Database=leads;SSL Mode=Prefer", "LeadSens__DatabaseOwner goes to another host without TLS")]
    [InlineData("Host=db;Username=o;SSL Mode=Require", "LeadSens__DatabaseOwner names another database")]
    [InlineData("Host=db;Port=6432;Username=o;Database=leads;SSL Mode=Require", null)]
    public void The_owners_login_is_held_to_the_same_rules(string owner, string? fault)
    {
        var options = new LeadSensOptions { PublicUrl = "https://leads.example", EncryptionKey = Key, Database = "Host=db;Username=u;Database=leads;SSL Mode=Require", DatabaseOwner = owner };

        var faults = Faults("Production", options).ToList();
        if (fault is null) faults.ShouldBeEmpty();
        else faults.ShouldHaveSingleItem().ShouldStartWith(fault);
        options.Database = null;
        Faults("Production", options).ShouldContain(one => one.StartsWith("LeadSens__DatabaseOwner ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Host=/run/postgresql;Username=u", "amqp://127.0.0.1")]
    [InlineData("Host=127.0.0.1;Username=u", "amqp://localhost")]
    public void This_machine_may_be_spoken_to_without_tls(string database, string bus) =>
        Faults("Production", new() { PublicUrl = "https://leads.example", EncryptionKey = Key, Database = database, Bus = bus }).ShouldBeEmpty();

    [Theory]
    [InlineData("Host=db;Username=u", true)]
    [InlineData("postgres", false)]
    [InlineData("Username=u", false)]
    [InlineData("Host=db;Port=many", false)]
    public void A_connection_string_is_parsed_before_it_is_used(string text, bool good) =>
        Faults("Development", new() { Database = text }).Count.ShouldBe(good ? 0 : 1);

    [Fact]
    public void The_development_keys_are_refused_in_production() =>
        Faults("Production", new() { PublicUrl = "https://leads.example", EncryptionKey = LeadSensOptions.DevelopmentEncryptionKey })
            .ShouldHaveSingleItem().ShouldContain("development key");

    [Theory]
    [InlineData("abc", "not a list of keys")]
    [InlineData(Key, "names the key of LeadSens__EncryptionKey")]
    [InlineData(LeadSensOptions.DevelopmentEncryptionKey, "development key")]
    public void Replaced_keys_are_looked_at_as_well(string previous, string said) =>
        Faults("Production", new() { PublicUrl = "https://leads.example", EncryptionKey = Key, PreviousEncryptionKeys = $"{Key.Replace('f', 'e')}, {previous}" })
            .ShouldHaveSingleItem().ShouldContain(said);

    [Fact]
    public async Task With_a_setting_that_is_refused_no_app_starts_in_tests_either() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => TestApp.StartAsync(settings: [("LeadSens:DatabaseOwner", "Host=127.0.0.1;Username=o;Database=another")]))).Message.ShouldContain("refused its settings");

    private static List<string> Faults(string environment, LeadSensOptions options) =>
        new LeadSensOptionsRules(new TestEnvironment(environment)).Validate(null, options).Failures?.ToList() ?? [];
}
