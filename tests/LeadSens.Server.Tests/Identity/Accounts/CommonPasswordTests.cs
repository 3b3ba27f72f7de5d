using LeadSens.Server.Api;
using LeadSens.Server.Identity;

namespace LeadSens.Server.Tests.Identity.Accounts;

public sealed class CommonPasswordTests
{
    [Theory]
    [InlineData("1qaz2wsx3edc")]
    [InlineData("QWERTY123456")]
    [InlineData("Unbelievable")]
    [InlineData("Password1234!")]
    [InlineData("!!!!password2026")]
    [InlineData("Welcome123456")]
    public void What_is_tried_first_is_refused(string password) => Errors(password).ShouldContain(error => error.Contains("tried first", StringComparison.Ordinal));

    [Theory]
    [InlineData("LeadSens2026!")]
    [InlineData("ada.example.2026")]
    [InlineData("leadsens-sales-1")]
    public void What_is_made_of_our_name_or_the_persons_is_refused(string password) => Errors(password).ShouldContain(error => error.Contains("our name", StringComparison.Ordinal));

    [Theory]
    [InlineData("correct horse battery")]
    [InlineData("another fine phrase")]
    [InlineData("leadsens-demo-login")]
    [InlineData("мой пароль длинный")]
    [InlineData("password and some more words")]
    public void What_somebody_thought_of_is_not(string password) => Errors(password).ShouldBeEmpty();

    [Theory]
    [InlineData(11, false), InlineData(12, true), InlineData(128, true), InlineData(129, false)]
    public void Any_characters_do_from_twelve_to_128(int length, bool isTaken)
    {
        var every = " é漢🙂\tмß'\"<&%".EnumerateRunes().Select(rune => rune.ToString()).ToList();
        var password = string.Concat(Enumerable.Range(0, length).Select(at => every[at % every.Count]));
        Errors(password[..length]).Length.ShouldBe(isTaken ? 0 : 1);
    }

    private static string[] Errors(string password)
    {
        var errors = new FieldErrors();
        AccountRules.CheckPassword(errors, "password", password, "ada@example.com");
        return errors.ByField.GetValueOrDefault("password", []);
    }
}
