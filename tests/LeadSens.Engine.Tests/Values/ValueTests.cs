using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.Values;

public sealed class ValueTests
{
    public static TheoryData<object?, string> Produced => new()
    {
        { null, "null" },
        { "text", "\"text\"" },
        { true, "true" },
        { 5, "5" },
        { 5L, "5" },
        { (short)5, "5" },
        { 5.0, "5" },
        { 5.5, "5.5" },
        { 5.5f, "5.5" },
        { double.NaN, "null" },
        { double.PositiveInfinity, "null" },
        { 12.30m, "12.30" },
        { JoinMode.WaitAll, "\"WaitAll\"" },
        { TimeSpan.FromMinutes(90), "\"01:30:00\"" },
        { new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), "\"2026-01-02T03:04:05.0000000\\u002B00:00\"" },
        { new[] { 1, 2 }, "[1,2]" },
        { new Person("Ada", 36), "{\"name\":\"Ada\",\"age\":36}" },
    };

    public enum JoinMode { WaitAny, WaitAll }

    public sealed record Person(string Name, int Age);

    [Theory]
    [MemberData(nameof(Produced))]
    public void What_an_activity_produces_has_one_form(object? produced, string json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) Value.Write(writer, Value.From(produced));
        System.Text.Encoding.UTF8.GetString(buffer.ToArray()).ShouldBe(json);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("7")]
    [InlineData("-7")]
    [InlineData("7.25")]
    [InlineData("9007199254740993")]
    [InlineData("\"é\"")]
    [InlineData("[1,[2],{\"a\":null}]")]
    public void A_value_survives_the_store(string json)
    {
        var value = Value.From(JsonElement.Parse(json));
        Value.ToElement(value).GetRawText().ShouldBe(JsonSerializer.Serialize(JsonElement.Parse(json)));
    }

    [Fact]
    public void A_whole_double_is_a_whole_number()
    {
        Value.FromDouble(5.0).ShouldBe(5L);
        Value.FromDouble(-0.0).ShouldBe(0L);
        Value.FromDouble(1e17).ShouldBe(1e17);
        Value.From(JsonElement.Parse("5.0")).ShouldBe(5L);
    }

    private static T? To<T>(object? value)
    {
        Value.TryTo<T>(value, out var result).ShouldBeTrue();
        return result;
    }

    [Fact]
    public void Values_become_what_code_asks_for()
    {
        To<int>(5L).ShouldBe(5);
        To<int>("5").ShouldBe(5);
        To<int?>(null).ShouldBeNull();
        To<int>("").ShouldBe(0);
        To<long>(5.0).ShouldBe(5L);
        To<double>(5L).ShouldBe(5.0);
        To<decimal>("12.30").ShouldBe(12.30m);
        To<bool>("true").ShouldBeTrue();
        To<string>(5L).ShouldBe("5");
        To<string>(true).ShouldBe("true");
        To<string>(JsonElement.Parse("[1]")).ShouldBe("[1]");
        To<Guid>("0193a1b2-0000-7000-8000-000000000001").ShouldBe(Guid.Parse("0193a1b2-0000-7000-8000-000000000001"));
        To<TimeSpan>("00:05:00").ShouldBe(TimeSpan.FromMinutes(5));
        To<DateTimeOffset>("2026-01-02T03:04:05Z").ShouldBe(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        To<JoinMode>("WaitAll").ShouldBe(JoinMode.WaitAll);
        To<string[]>("[\"a\",\"b\"]").ShouldBe(["a", "b"]);
        To<List<int>>(JsonElement.Parse("[1,2]")).ShouldBe([1, 2]);
        To<Person>(JsonElement.Parse("{\"name\":\"Ada\",\"age\":36}")).ShouldBe(new Person("Ada", 36));
        To<JsonObject>(JsonElement.Parse("{\"a\":1}"))!["a"]!.GetValue<int>().ShouldBe(1);
        To<object>("x").ShouldBe("x");
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Value.TryTo<int>("many", out _).ShouldBeFalse();
        Value.TryTo<int>(5.5, out _).ShouldBeFalse();
        Value.TryTo<int>(3_000_000_000L, out _).ShouldBeFalse();
        Value.TryTo<bool>("perhaps", out _).ShouldBeFalse();
        Value.TryTo<bool>(1L, out _).ShouldBeFalse();
        Value.TryTo<Guid>("x", out _).ShouldBeFalse();
        Value.TryTo<TimeSpan>("soon", out _).ShouldBeFalse();
        Value.TryTo<JoinMode>("WaitABit", out _).ShouldBeFalse();
        Value.TryTo<string[]>("not json", out _).ShouldBeFalse();
        Value.TryTo<Person>(JsonElement.Parse("[1]"), out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("String", "String")]
    [InlineData("string", "String")]
    [InlineData("Int32", "Int32")]
    [InlineData("Int32?", "Int32")]
    [InlineData("System.Int32, System.Private.CoreLib", "Int32")]
    [InlineData("boolean", "Boolean")]
    [InlineData("Decimal", "Decimal")]
    [InlineData("DateTime", "DateTime")]
    [InlineData("Guid", "Guid")]
    [InlineData("Object", "Object")]
    [InlineData("Object[]", "Json")]
    [InlineData("ICollection<String>", "Json")]
    [InlineData("ExpandoObject", "Json")]
    [InlineData("My.Own.Type, Mine", "Object")]
    [InlineData(null, "Object")]
    public void Type_names_of_definitions_are_understood(string? name, string kind) => ValueKind.Of(name).Name.ShouldBe(kind);

    [Fact]
    public void An_array_is_json_whatever_its_items_are() => ValueKind.Of("Int32", isArray: true).Name.ShouldBe("Json");

    [Theory]
    [InlineData(typeof(int), "Int32", "singleline")]
    [InlineData(typeof(int?), "Int32", "singleline")]
    [InlineData(typeof(bool), "Boolean", "checkbox")]
    [InlineData(typeof(string), "String", "singleline")]
    [InlineData(typeof(string[]), "String[]", "multitext")]
    [InlineData(typeof(List<int>), "ICollection<Int32>", "multitext")]
    [InlineData(typeof(JoinMode), "String", "dropdown")]
    [InlineData(typeof(DateTimeOffset), "DateTimeOffset", "datetime-picker")]
    [InlineData(typeof(JsonObject), "JsonObject", "json-editor")]
    [InlineData(typeof(object), "Object", "json-editor")]
    public void Types_have_an_alias_and_a_control(Type type, string alias, string hint)
    {
        TypeNames.Of(type).ShouldBe(alias);
        TypeNames.UiHint(type).ShouldBe(hint);
    }

    [Fact]
    public void A_decimal_keeps_its_digits_only_in_a_decimal_variable()
    {
        ValueKind.Of("Decimal").TryConvert("0.1000000000000000000000000001", out var exact).ShouldBeTrue();
        exact.ShouldBe(0.1000000000000000000000000001m);
        ValueKind.Plain(12.50m).ShouldBe(12.5);
        ValueKind.Plain("text").ShouldBe("text");
    }
}
