using System.Text.RegularExpressions;
using LeadSens.Engine;
using LeadSens.Server.Ai;
using LeadSens.Server.Connections;
using LeadSens.Server.Contacts;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Mail;
using LeadSens.Server.Operations;
using LeadSens.Server.Push;
using LeadSens.Server.Rights;
using LeadSens.Server.Studio;
using LeadSens.Server.Web;
using LeadSens.Server.Workflows;
using LeadSens.Server.Workflows.Http;
using Microsoft.Extensions.Configuration;

namespace LeadSens.Server.Tests.Operations;

/// <summary>docs/operations.md has every setting that there is, and none that there is not.</summary>
public sealed partial class SettingsTests
{
    /// <summary>Every type that is bound, and where.</summary>
    private static readonly (string Section, Type Options)[] Bound =
    [
        ("LeadSens", typeof(LeadSensOptions)), ("LeadSens", typeof(DataOptions)), ("LeadSens", typeof(PoolOptions)), ("Jobs", typeof(JobsOptions)), ("Intents", typeof(IntentOptions)),
        ("Contacts", typeof(ContactsOptions)),
        ("Retention", typeof(RetentionOptions)), ("Web", typeof(WebOptions)), ("Ai", typeof(AiOptions)), ("Mail", typeof(MailOptions)), ("Limits__<provider>", typeof(AccountLimits)),
        ("Workflows", typeof(WorkflowOptions)), ("Workflows__Scripts", typeof(ScriptOptions)), ("Workflows__Http", typeof(OutgoingOptions)), ("Workflows__Http", typeof(IncomingOptions)),
        ("Workflows__Json", typeof(JsonLimits)), .. Providers(),
    ];

    /// <summary>The framework's own, and what stands for a type that is in the list.</summary>
    private static readonly string[] Others = ["KeyManagementOptions", "CorsOptions", "TOptions", "LimitOptions"];

    private static readonly DirectoryInfo Root = RootOf(new(AppContext.BaseDirectory));

    [Fact]
    public void The_settings_that_are_described_are_those_that_there_are()
    {
        var (described, known) = (Described().ToHashSet(), Bound.SelectMany(one => NamesOf(one.Options, one.Section)).Select(Plain).ToHashSet());

        known.Except(described).ShouldBeEmpty("these are not described");
        described.Except(known).ShouldBeEmpty("these are not there");
    }

    [Fact]
    public void Every_type_that_is_bound_is_known_here()
    {
        var bound = Directory.EnumerateFiles(Path.Combine(Root.FullName, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).SelectMany(file => Binding().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value).Distinct().Except(Others);

        bound.Except(Bound.Select(one => one.Options.Name)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_rule_of_the_web_limits_is_described()
    {
        var row = Rows().Single(row => row.Contains("`Web__Limits__<rule>__Burst`", StringComparison.Ordinal));

        foreach (var (name, rate) in new RateOptions().All)
            Regex.IsMatch(row, $@"`{name}`[^(]*\({rate.Burst}, {rate.PerMinute}\)").ShouldBeTrue(name);
    }

    /// <summary>A vendor's section is in its folder.</summary>
    private static IEnumerable<(string Section, Type Options)> Providers() => typeof(ProviderOptions).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(ProviderOptions))).Select(type => (((ProviderOptions)Activator.CreateInstance(type)!).Section, type));

    /// <summary>As environment variables.</summary>
    private static IEnumerable<string> NamesOf(Type options, string section) => options.GetProperties().SelectMany(property =>
    {
        var name = $"{section}__{property.GetCustomAttributes(typeof(ConfigurationKeyNameAttribute), false).OfType<ConfigurationKeyNameAttribute>().FirstOrDefault()?.Name ?? property.Name}";
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type is { IsGenericType: true, GenericTypeArguments: [_, var value] }) return NamesOf(value, $"{name}__<key>");
        if (!property.CanWrite) return [];
        if (type == typeof(Rate)) return NamesOf(type, $"{section}__<rule>");
        if (type == typeof(RateOptions)) return NamesOf(type, name);
        return [type.IsArray ? $"{name}__0" : name];
    });

    /// <summary><c>`Jobs__Sweep`, `…StopGrace`</c> are two of one section.</summary>
    private static IEnumerable<string> Described()
    {
        foreach (var row in Rows())
        {
            var section = "";
            foreach (var name in Code().Matches(row.Split('|')[1]).Select(match => match.Groups[1].Value))
            {
                if (!name.Contains("__", StringComparison.Ordinal) && name[0] != '…') continue;
                var whole = name[0] == '…' ? section + name[1..] : name;
                section = whole[..(whole.LastIndexOf("__", StringComparison.Ordinal) + 2)];
                yield return Plain(whole);
            }
        }
    }

    private static string Plain(string name) => Placeholder().Replace(name, "<>");

    private static IEnumerable<string> Rows()
    {
        var text = File.ReadAllText(Path.Combine(Root.FullName, "docs", "operations.md"));
        var begin = text.IndexOf("## Settings", StringComparison.Ordinal);
        return text[begin..text.IndexOf("\n## ", begin, StringComparison.Ordinal)].Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal));
    }

    private static DirectoryInfo RootOf(DirectoryInfo place)
    {
        while (!File.Exists(Path.Combine(place.FullName, "LeadSens.sln"))) place = place.Parent!;
        return place;
    }

    [GeneratedRegex(@"(?:AddOptions<|AddProvider<|\)\.Get<)(\w+)>\(")]
    private static partial Regex Binding();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Placeholder();
}
