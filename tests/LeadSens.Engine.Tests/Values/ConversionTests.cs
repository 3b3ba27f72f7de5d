using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.Values;

/// <summary>Which value fits which type of a variable, and what becomes of it.</summary>
public sealed class ConversionTests
{
    private static object? Of(string json) => Value.From(JsonElement.Parse(json));

    [Theory]
    [InlineData("String", "true", "\"true\"")]
    [InlineData("String", "1.5", "\"1.5\"")]
    [InlineData("String", "1e20", "\"1E\\u002B20\"")]
    [InlineData("String", "{\"a\": 1}", "\"{\\u0022a\\u0022: 1}\"")]
    [InlineData("String", "\"\"", "\"\"")]
    [InlineData("Boolean", "\"True\"", "true")]
    [InlineData("Boolean", "\"\"", "null")]
    [InlineData("Int32", "2147483647", "2147483647")]
    [InlineData("Int32", "\" 7 \"", "7")]
    [InlineData("Int32", "\"-7\"", "-7")]
    [InlineData("Int32", "\"\"", "null")]
    [InlineData("Int64", "9223372036854775807", "9223372036854775807")]
    [InlineData("Int64", "1e18", "1000000000000000000")]
    [InlineData("Int16", "-32768", "-32768")]
    [InlineData("Byte", "255", "255")]
    [InlineData("Double", "\"1e3\"", "1000")]
    [InlineData("Single", "7", "7")]
    [InlineData("Decimal", "\"0.10\"", "0.10")]
    [InlineData("Decimal", "7", "7")]
    [InlineData("Decimal", "1.5", "1.5")]
    [InlineData("Guid", "\"{0193A1B2-0000-7000-8000-000000000001}\"", "\"0193a1b2-0000-7000-8000-000000000001\"")]
    [InlineData("DateTime", "\"2026-01-02\"", "\"2026-01-02T00:00:00.0000000\"")]
    [InlineData("TimeSpan", "\"1.02:03:04\"", "\"1.02:03:04\"")]
    [InlineData("TimeSpan", "\"\"", "null")]
    [InlineData("JsonArray", "\"\"", "null")]
    [InlineData("JsonObject", "\"{\\\"a\\\":1}\"", "{\"a\":1}")]
    [InlineData("Object[]", "[1]", "[1]")]
    [InlineData("Object", "\"as it is\"", "\"as it is\"")]
    [InlineData("Some.Vendor.Type", "[1]", "[1]")]
    public void A_value_that_fits_is_brought_into_its_type(string type, string json, string expected)
    {
        ValueKind.Of(type).TryConvert(Of(json), out var result).ShouldBeTrue();
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) Value.Write(writer, result);
        System.Text.Encoding.UTF8.GetString(buffer.ToArray()).ShouldBe(expected);
    }

    [Theory]
    [InlineData("Boolean", "1")]
    [InlineData("Boolean", "\"yes\"")]
    [InlineData("Int32", "2147483648")]
    [InlineData("Int32", "-2147483649")]
    [InlineData("Int32", "1.5")]
    [InlineData("Int32", "true")]
    [InlineData("Int32", "\"1.0\"")]
    [InlineData("Int32", "\"0x10\"")]
    [InlineData("Int64", "1e19")]
    [InlineData("Int16", "32768")]
    [InlineData("Byte", "256")]
    [InlineData("Byte", "-1")]
    [InlineData("Double", "true")]
    [InlineData("Double", "\"NaN\"")]
    [InlineData("Double", "\"1,5\"")]
    [InlineData("Decimal", "1e29")]
    [InlineData("Decimal", "\"one\"")]
    [InlineData("Guid", "7")]
    [InlineData("DateTimeOffset", "\"tomorrow\"")]
    [InlineData("TimeSpan", "60")]
    [InlineData("JsonArray", "\"[1,\"")]
    public void A_value_that_does_not_fit_is_refused(string type, string json) => ValueKind.Of(type).TryConvert(Of(json), out _).ShouldBeFalse();

    [Theory]
    [InlineData("System.Nullable`1[[System.Int32, System.Private.CoreLib]], System.Private.CoreLib", "Int32")]
    [InlineData("System.Collections.Generic.List`1[[System.String, System.Private.CoreLib]], System.Private.CoreLib", "Json")]
    [InlineData("System.Collections.Generic.IDictionary`2[[System.String, System.Private.CoreLib],[System.Object, System.Private.CoreLib]], System.Private.CoreLib", "Json")]
    [InlineData("System.String[], System.Private.CoreLib", "Json")]
    [InlineData("System.Text.Json.Nodes.JsonObject, System.Text.Json", "Json")]
    [InlineData("System.Object", "Object")]
    [InlineData("", "Object")]
    [InlineData("?", "Object")]
    public void Long_type_names_are_understood(string name, string kind) => ValueKind.Of(name).Name.ShouldBe(kind);

    [Theory]
    [InlineData("String")]
    [InlineData("Boolean")]
    [InlineData("Int32")]
    [InlineData("Decimal")]
    [InlineData("Guid")]
    [InlineData("DateTime")]
    [InlineData("JsonObject")]
    [InlineData("Object")]
    public void Nothing_fits_everywhere(string type)
    {
        ValueKind.Of(type).TryConvert(null, out var result).ShouldBeTrue();
        result.ShouldBeNull();
    }

    [Theory]
    [InlineData("7")]
    [InlineData("\"7\"")]
    [InlineData("\"WaitAny, WaitAll\"")]
    [InlineData("true")]
    [InlineData("[\"WaitAll\"]")]
    public void Only_the_names_of_an_enumeration_fit(string json) => Value.TryTo<ValueTests.JoinMode>(Of(json), out _).ShouldBeFalse();

    [Theory]
    [InlineData("5")]
    [InlineData("true")]
    [InlineData("\"text\"")]
    [InlineData("\"[1]\"")]
    [InlineData("[1]")]
    public void What_is_no_object_is_no_json_object(string json)
    {
        Value.TryTo<JsonObject>(Of(json), out _).ShouldBeFalse();
        Value.TryTo<Dictionary<string, int>>(Of(json), out _).ShouldBeFalse();
        Value.TryTo<ValueTests.Person>(Of(json), out _).ShouldBeFalse();
    }

    [Fact]
    public void A_record_that_misses_a_value_has_its_default()
    {
        Value.TryTo<ValueTests.Person>(Of("""{"name":"Ada"}"""), out var person).ShouldBeTrue();
        person.ShouldBe(new ValueTests.Person("Ada", 0));
    }

    /// <summary>Converting twice is converting once.</summary>
    [Fact]
    public void A_converted_value_fits_its_type_unchanged()
    {
        var random = new Random(20261120);
        string[] types = ["String", "Boolean", "Int32", "Int64", "Double", "Decimal", "Guid", "DateTimeOffset", "DateTime", "TimeSpan", "Object"];
        var converted = 0;
        for (var i = 0; i < 4_000; i++)
        {
            var kind = ValueKind.Of(types[random.Next(types.Length)]);
            var value = RandomValues.Simple(random);
            if (!kind.TryConvert(value, out var once)) continue;
            converted++;
            kind.TryConvert(once, out var twice).ShouldBeTrue($"{value} as {kind.Name}");
            twice.ShouldBe(once, $"{value} as {kind.Name}");
        }

        converted.ShouldBeGreaterThan(1_000);
    }

    /// <summary>What C# gets out of a value goes back in as the same value.</summary>
    [Fact]
    public void A_value_comes_back_from_code_as_it_went_in()
    {
        var random = new Random(7);
        for (var i = 0; i < 1_000; i++)
        {
            There(random.Next());
            There(random.NextInt64());
            There(random.NextDouble() * random.Next());
            There(random.Next(2) == 0);
            There(new Guid(RandomValues.Bytes(random, 16)));
            There(DateTimeOffset.UnixEpoch.AddTicks(random.NextInt64(TimeSpan.TicksPerDay * 30_000)));
            There(TimeSpan.FromTicks(random.NextInt64(TimeSpan.TicksPerDay * 1_000)));
            There((decimal)random.NextDouble());
            There(RandomValues.Text(random) + "x");
        }

        static void There<T>(T value)
        {
            Value.TryTo<T>(Value.From(value), out var back).ShouldBeTrue($"{value}");
            back.ShouldBe(value);
        }
    }
}
